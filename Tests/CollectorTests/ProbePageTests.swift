import CProbePage
import FoundationEssentials
import Glibc
import Measurements
import Testing

@testable import Collector

/// The page as the probe writes it, without the probe.
@Suite(.timeLimit(.minutes(20))) struct ProbePageTests {
    private static let magic: UInt64 = 0x4C47_5052_4F42_4501

    private func page() -> probe_page {
        var page = probe_page()
        page.magic = Self.magic
        page.process = 4711
        page.is_profiling = 1
        page.sequence = 2
        page.figures.allocated = 1000
        page.figures.resident = 5000
        page.figures.readings = 3
        page.figures.probe_cpu_ns = 77
        page.class_count = 2
        page.classes.0 = probe_class(size: 8, objects: 5)
        page.classes.1 = probe_class(size: 16, objects: 7)
        page.arena_count = 1
        page.arenas.0 = 600
        return page
    }

    /// Writes a page into a file, and gives it to a reader.
    private func read<Value>(
        _ page: probe_page, _ body: (ProbePage?) throws -> Value
    ) throws -> Value {
        let path = "/tmp/loadgen-page-\(UInt64.random(in: 0 ... .max))"
        defer { unlink(path) }
        let data = withUnsafeBytes(of: page) { Data($0) }
        try data.write(to: URL(filePath: path))
        return try body(ProbePage(file: path, of: 4711))
    }

    @Test func `a page gives figures, sizes and arenas`() throws {
        try read(page()) { page in
            let page = try #require(page)
            #expect(page.isProfiling)
            #expect(page.reading?.allocatedBytes == 1000 && page.reading?.source == .probe)
            #expect(page.reading?.jemallocResidentBytes == 5000)
            #expect(page.cost == (77, 3))
            #expect(page.sizeClasses.map(\.sizeBytes) == [8, 16])
            #expect(page.sizeClasses.map(\.objects) == [5, 7])
            #expect(page.arenas == [600])
        }
    }

    @Test func `a reading that was asked for is there once the probe has answered`() throws {
        try read(page()) { page in
            let page = try #require(page)
            #expect(page.hasAnswered)
            page.ask(dumpPath: "/tmp/dump")
            #expect(!page.hasAnswered)
        }
    }

    @Test func `a page of another process or version, or in the middle of a change, is none`()
        throws
    {
        var other = page()
        other.process = 1
        var newer = page()
        newer.magic += 1
        var changing = page()
        changing.sequence = 3
        for odd in [other, newer, changing] {
            try read(odd) { #expect($0 == nil) }
        }
        #expect(ProbePage(file: "/no/such/page", of: 4711) == nil)
        #expect(ProbePage(of: getpid()) == nil)
    }
}
