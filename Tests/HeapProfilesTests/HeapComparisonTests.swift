import Foundation
import Measurements
import Testing

@testable import HeapProfiles

@Suite struct HeapComparisonTests {
    private func dump(_ stacks: [(String, Int, Int)]) throws -> HeapDump {
        // Objects much larger than the period are all sampled.
        let text = stacks.map { "@ \($0.0)\n  t*: \($0.1): \($0.2) [0: 0]\n" }.joined()
        return try HeapDump(parsing: "heap_v2/1\n" + text)
    }

    private func frames(_ stack: [UInt64]) -> [String] { stack.map { "f\($0 / 16)" } }

    @Test func `what grew is named, the most first, with its share`() throws {
        var comparison = HeapComparison()
        comparison.add(
            first: try dump([("0x10 0x20", 10, 10_000), ("0x30", 5, 5000), ("0x40", 9, 9000)]),
            last: try dump([("0x10 0x20", 40, 40_000), ("0x30", 15, 15_000), ("0x40", 2, 2000)]),
            frames: frames)
        let stacks = comparison.stacks
        #expect(stacks.map(\.frames) == [["f1", "f2"], ["f3"]])
        #expect(stacks.map(\.bytes) == [30_000, 10_000] && stacks.map(\.objects) == [30, 10])
        #expect(stacks.map(\.share) == [0.75, 0.25])
    }

    @Test func `processes and places within a function are added up`() throws {
        var comparison = HeapComparison()
        for _ in 0..<2 {
            comparison.add(
                first: try dump([("0x11", 1, 1000)]),
                last: try dump([("0x11", 2, 2000), ("0x12", 1, 1000)]), frames: frames)
        }
        #expect(comparison.processes == 2)
        #expect(comparison.stacks.map(\.bytes) == [4000] && comparison.stacks[0].share == 1)
    }

    @Test func `memory that moved from one stack to another is no growth of its names`() throws {
        var comparison = HeapComparison()
        comparison.add(
            first: try dump([("0x11", 1, 1000)]), last: try dump([("0x12", 1, 1000)]),
            frames: frames)
        #expect(comparison.stacks.isEmpty)
    }

    @Test func `a wrapper of the allocator is not the function that grew`() throws {
        var comparison = HeapComparison()
        comparison.add(
            first: try dump([]), last: try dump([("0x10", 1, 100)]),
            frames: { _ in
                ["swift_slowAlloc", "static Swift._DictionaryStorage.allocate", "keep", "main"]
            })
        #expect(comparison.stacks.first?.function == "keep")
    }

    @Test(arguments: [
        ("main", "main"), ("_ZN5loads4keepEi", "loads::keep(int)"),
        ("_Znwm", "operator new(unsigned long)"),
        ("$s4main4keepyySiF", "main.keep"),
        ("$s4main4Node33_0123456789ABCDEF0123456789ABCDEFLLV4keepyySiF", "main.Node.keep"),
        ("$sNotAName", "$sNotAName"),
    ])
    func `names are as people wrote them`(symbol: String, name: String) {
        #expect(Demangler.name(symbol) == name)
    }

    @Test(arguments: [
        ("function signature specialization <Arg[0] = Dead> of A.B.c(Swift.Int) -> ()", "A.B.c"),
        (
            "closure #1 (Swift.Optional<Swift.Int>) -> () in A.L.start() throws(A.E) -> ()",
            "closure #1 in A.L.start"
        ),
        ("static A.(keep in _2F0A)(Swift.Int) -> Swift.UInt", "static A.keep"),
    ])
    func `a Swift name is without its types`(name: String, short: String) {
        #expect(Demangler.short(name) == short)
    }

    @Test func `addresses of this process have names, and others say where they are`() {
        let address = unsafeBitCast(
            free as @convention(c) (UnsafeMutableRawPointer?) -> Void, to: UInt.self)
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        let table = SymbolTable(maps: maps)
        #expect(!maps.isEmpty)
        #expect(table.frames([UInt64(address) + 1, 16]).last == "0x10")
        #expect(SymbolTable(maps: "").frames([16]) == ["0x10"])
    }
}
