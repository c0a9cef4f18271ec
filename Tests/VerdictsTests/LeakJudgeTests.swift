import Measurements
import Profiles
import SampleEvidence
import Testing

@testable import Verdicts

@Suite struct LeakJudgeTests {
    /// What the target holds at a trough after some requests, without its noise.
    private typealias Held = (_ requests: Double) -> Double

    private static let requestsPerRound = 200
    private static let troughs = 58

    /// A run of 120 s with a trough every 2 s.
    private func run(
        _ objective: String = "leak < 16 B/request", held: Held = { _ in 0 },
        change: (Int, inout Trough) -> Void = { _, _ in }
    ) -> SampleRun {
        var run = SampleRun(objectives: [objective])
        run.profile.load[1].duration = .seconds(119)
        run.add([.ok: 100], phase: "warm up")
        run.add([.ok: 11_900], seconds: 119)
        for index in 0..<Self.troughs {
            let requests = (index + 1) * Self.requestsPerRound
            var trough = Trough(
                timeSeconds: Double(3 + 2 * index), phase: "steady", round: index + 1,
                requests: requests, connections: 4)
            var reading = ProcessReading()
            reading.source = .metrics
            // Noise of some KiB, as of buffers that come and go.
            let noise = Double((index * 7919) % 41) * 64
            reading.allocatedBytes = UInt64(50_000_000 + held(Double(requests)) + noise)
            (reading.openFiles, reading.sockets, reading.threads) = (20, 8, 3)
            reading.startSeconds = 100
            trough.target = reading
            change(index, &trough)
            run.troughs.append(trough)
        }
        return run
    }

    private func judge(_ run: SampleRun) throws -> RunVerdict.OfObjective {
        let verdict = Judge.judge(try run.evidence(), profile: run.profile)
        #expect(verdict.findings.isEmpty, "\(verdict.findings)")
        return try #require(verdict.objectives.first)
    }

    @Test func `memory that keeps its level is bounded below the tolerance`() throws {
        let found = try judge(run())
        #expect(found.verdict == .pass, "\(found.sentence)")
        #expect(found.sentence.hasPrefix("PASS: target's live bytes grows by less than "))
        #expect(try #require(found.upper) < 1)
    }

    @Test(arguments: [64.0, 1024])
    func `a leak is found, and the bounds hold what leaks`(bytes: Double) throws {
        let run = run(held: { $0 * bytes })
        let found = try judge(run)
        #expect(found.verdict == .fail, "\(found.sentence)")
        let (lower, upper) = (try #require(found.lower), try #require(found.upper))
        #expect(lower < bytes && bytes < upper && upper - lower < 2, "\(found.sentence)")
        #expect(found.unit == .bytesPerRequest)
        let verdict = Judge.judge(try run.evidence(), profile: run.profile)
        let leak = try #require(verdict.leaks?.first)
        #expect(leak.subject == "target" && leak.quantity == "live bytes" && leak.isMemory)
        // The first tenth of the run is left out; 52 troughs of 200 requests grow by this.
        #expect(leak.floors == 53 && leak.source == "metrics")
        #expect(abs(leak.last - leak.first - 52 * 200 * bytes) < 41 * 64)
    }

    @Test(arguments: [(0.0, false), (1024, true)])
    func `what grew on the heap is shown where memory leaks`(bytes: Double, isShown: Bool) throws {
        var run = run(held: { $0 * bytes })
        let stack = HeapGrowth.Stack(bytes: 1e6, objects: 1000, share: 1, frames: ["keep"])
        run.heap = HeapGrowth(firstSeconds: 3, lastSeconds: 117, requests: 900, stacks: [stack])
        let verdict = Judge.judge(try run.evidence(), profile: run.profile)
        #expect((verdict.heap?.stacks == [stack]) == isShown)
    }

    /// A heap that a collector empties down to what lives, read from /proc.
    private func collected(_ gathered: @escaping (Int) -> Double, held: @escaping Held) -> SampleRun
    {
        run(held: held) { index, trough in
            let held = trough.target?.allocatedBytes.map { Double($0) } ?? 0
            trough.target?.source = .proc
            trough.target?.collector = "node"
            trough.target?.allocatedBytes = nil
            trough.target?.anonymousBytes = UInt64(held + gathered(index))
        }
    }

    @Test func `garbage that no collector has taken yet is no leak`() throws {
        // 64 B of each request wait for a collection that this run does not see.
        let found = try judge(collected({ Double($0) * 200 * 64 }, held: { _ in 0 }))
        #expect(found.verdict == .inconclusive, "\(found.sentence)")
        #expect(found.sentence.contains("a heap that is collected from time to time"))
    }

    @Test func `what stays after each collection is a leak`() throws {
        let found = try judge(
            collected({ Double($0 % 8) * 200 * 4096 }, held: { $0 * 4096 }))
        #expect(found.verdict == .fail, "\(found.sentence)")
        let fast = try judge(collected({ _ in 0 }, held: { $0 * 40_000 }))
        #expect(fast.verdict == .fail, "\(fast.sentence)")
    }

    @Test(arguments: [
        ([10.0, 11, 12, 13], true), ([10, 20, 11, 20, 12, 20, 13], false), ([10, 41], false),
        ([10, 20, 11, 20, 12], true), ([10, 20, 19.5, 20, 19.5, 20, 19.5, 20], true), ([], true),
    ])
    func `a heap is judged once it was collected, or is four times as large`(
        values: [Double], isUncollected: Bool
    ) {
        #expect(LeakSeriesReader.isUncollected(values) == isUncollected)
    }

    @Test func `a leak is measured by the hour, too`() throws {
        // 100 requests a second leak 1,024 B each.
        let perHour = 100.0 * 3600 * 1024
        let found = try judge(run("leak < 1 MiB/h", held: { $0 * 1024 }))
        #expect(found.verdict == .fail && found.unit == .bytesPerHour, "\(found.sentence)")
        let (lower, upper) = (try #require(found.lower), try #require(found.upper))
        #expect(lower < perHour && perHour < upper && upper < 1.01 * perHour)
    }

    @Test func `what leaks less than is allowed passes`() throws {
        #expect(try judge(run(held: { $0 * 8 })).verdict == .pass)
        #expect(try judge(run("leak < 4 B/request", held: { $0 * 8 })).verdict == .fail)
    }

    @Test func `a cache that fills is no leak`() throws {
        let found = try judge(
            run(held: { requests in
                let left = 1 / (1 + requests / 1500)
                return 4_000_000 * (1 - left * left * left * left)
            }))
        #expect(found.verdict == .inconclusive, "\(found.sentence)")
        #expect(found.sentence.contains("run longer"), "\(found.sentence)")
    }

    @Test func `a few troughs decide nothing`() throws {
        var run = run(held: { $0 * 1024 })
        run.troughs = Array(run.troughs.suffix(11))
        let found = try judge(run)
        #expect(found.verdict == .inconclusive && found.sentence.contains("fewer than 12"))
    }

    @Test func `without a reading of the target nothing is judged`() throws {
        var none = run()
        none.troughs = []
        for run in [none, run(change: { $1.target = nil })] {
            let found = try judge(run)
            #expect(found.verdict == .invalid, "\(found.sentence)")
            #expect(found.sentence.contains("the target's memory was not read"))
        }
    }

    @Test func `a target that was restarted is not judged`() throws {
        let found = try judge(
            run(change: { if $0 > 30 { $1.target?.startSeconds = 160 } }))
        #expect(found.verdict == .invalid)
        #expect(found.sentence.contains("was another one in the middle of the run"))
    }

    @Test func `rounds that did not drain are left out, and are said`() throws {
        let found = try judge(
            run(change: { index, trough in
                guard index % 4 == 0 else { return }
                trough.inFlight = 50
                trough.target?.allocatedBytes = 90_000_000
            }))
        #expect(found.verdict == .pass, "\(found.sentence)")
        #expect(found.sentence.contains("13 rounds did not drain and are left out"))
    }

    @Test(arguments: ["open files", "connections", "threads"])
    func `handles that leak fail though memory does not grow`(quantity: String) throws {
        let found = try judge(
            run(change: { index, trough in
                switch quantity {
                case "open files": trough.target?.openFiles = 20 + index
                case "connections": trough.target?.sockets = 8 + index
                default: trough.target?.threads = 3 + index
                }
            }))
        #expect(found.verdict == .fail, "\(found.sentence)")
        #expect(found.sentence.hasPrefix("FAIL: target's \(quantity) grows by"))
    }

    @Test func `connections of the generator are no leak of the target`() throws {
        let found = try judge(
            run(change: { index, trough in
                trough.connections = 4 + index
                trough.target?.sockets = 8 + index
                trough.target?.openFiles = 20 + index
            }))
        #expect(found.verdict == .pass, "\(found.sentence)")
    }

    @Test func `memory of /proc is told apart from that of an allocator`() throws {
        let found = try judge(
            run(
                "leak < 64 B/request",
                change: { index, trough in
                    trough.target?.source = .proc
                    trough.target?.anonymousBytes =
                        UInt64(80_000_000 + index * 1024 * 200)
                        & ~4095
                }))
        #expect(found.verdict == .fail, "\(found.sentence)")
        #expect(found.sentence.contains("anonymous memory"))
        let (lower, upper) = (try #require(found.lower), try #require(found.upper))
        #expect(lower < 1024 && 1024 < upper, "\(found.sentence)")
    }

    @Test func `a higher confidence than growth is bounded at is refused`() throws {
        let found = try judge(run("leak < 16 B/request at 99%"))
        #expect(found.verdict == .invalid)
        #expect(found.sentence.contains("write leak < 16 B/request at 95%"))
    }
}
