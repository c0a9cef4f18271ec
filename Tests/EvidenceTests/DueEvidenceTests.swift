import FoundationEssentials
import SampleEvidence
import Testing

@testable import Evidence
@testable import Measurements

@Suite struct DueEvidenceTests {
    private var sample: SampleRun {
        var run = SampleRun(objectives: ["p(95) < 10ms"])
        run.add([.ok: 97, .timeout: 2, .dropped: 1], over: [10_000_000: 4])
        run.add([.ok: 100], over: [10_000_000: 1])
        var slot = DueSlot(tenth: 3)
        for (due, isFailed) in [(301_000_000, true), (305_000_000, false)] as [(UInt64, Bool)] {
            slot.count(dueNanoseconds: due, isFailed: isFailed, isSlow: false)
        }
        run.due = [
            DueSecond(
                second: 0, phase: "steady", operation: "ping", total: 98, failed: 2,
                over: ["10000000": 4]),
            DueSecond(
                second: 1, phase: "steady", operation: "ping", total: 101, failed: 0,
                over: ["10000000": 1]),
            // It ended later than any should.
            DueSecond(
                second: 0, phase: "steady", operation: "ping", total: 1, failed: 1,
                over: ["10000000": 0]),
        ]
        for index in [0, 2] { run.due[index].slots = [slot] }
        return run
    }

    @Test func `parts of a second are added, and agree with the rows`() throws {
        let evidence = try sample.evidence()
        #expect(evidence.hasWholeDue)
        #expect(evidence.due.map(\.total) == [99, 101] && evidence.due.map(\.failed) == [3, 0])
        let slot = try #require(evidence.due[0].slots?.first)
        #expect((slot.total, slot.failed, slot.slow) == (4, 2, 0))
        #expect(slot.firstBadNanoseconds == 301_000_000 && slot.lastGoodNanoseconds == 305_000_000)
        #expect(evidence.due[1].slots == nil)
    }

    @Test(
        arguments: [
            { $0[1].total -= 1 }, { $0[1].failed += 1 }, { $0[1].over["10000000"] = 0 },
            { $0.removeAll() }, { $0[1].operation = "listPods" }, { $0[1].phase = "warm up" },
            { $0.append(DueSecond(second: 1, phase: "steady", operation: "listPods", total: 1)) },
        ] as [@Sendable (inout [DueSecond]) -> Void])
    func `what was due is not whole where it differs from what ended`(
        damage: @Sendable (inout [DueSecond]) -> Void
    ) throws {
        var run = sample
        damage(&run.due)
        #expect(try !run.evidence().hasWholeDue)
    }

    @Test(arguments: [
        ("due.ndjson", #"{"due_s":-1,"phase":"p","operation":"o","total":1,"failed":0,"over":{}}"#),
        ("due.ndjson", #"{"due_s":1,"phase":"p","operation":"o","total":1,"failed":2,"over":{}}"#),
        (
            "due.ndjson",
            #"{"due_s":1,"phase":"p","operation":"o","total":1,"failed":0,"over":{},"#
                + #""slots":[{"tenth":10,"total":1,"failed":1,"slow":0}]}"#
        ),
        ("silences.ndjson", #"{"loop":-1,"operation":"o","from_ns":1,"due_ns":2,"to_ns":3}"#),
        ("silences.ndjson", #"{"loop":0,"operation":"o","from_ns":1,"due_ns":4,"to_ns":3}"#),
        ("silences.ndjson", #"{"loop":0,"operation":"o","from_ns":5,"due_ns":4}"#),
    ])
    func `a line that no run can have is an error`(file: String, line: String) throws {
        try TemporaryFolder.with { parent in
            let folder = try sample.write(under: parent).path
            try "\(line)\n".write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
            let error = try #require(throws: EvidenceError.self) {
                try RunEvidence(reading: folder)
            }
            #expect(error.description.contains("\(file):1: not a line of this file"))
        }
    }

    // MARK: Silences of several threads

    private func silence(
        _ loop: Int, _ from: Int, _ due: Int?, _ end: Int?, last: Int? = nil,
        operation: String = "ping"
    ) -> Silence {
        func time(_ value: Int) -> UInt64 { UInt64(value) * 1_000_000 }
        return Silence(
            loop: loop, operation: operation, fromNanoseconds: time(from),
            dueNanoseconds: due.map(time), toNanoseconds: end.map(time),
            lastNanoseconds: last.map(time))
    }

    private func silences(_ all: [Silence], threads: Int) throws -> [[Int?]] {
        var run = sample
        (run.silences, run.threads) = (all, threads)
        return try run.evidence().silences(of: "ping").map { silence in
            [silence.fromNanoseconds, silence.dueNanoseconds, silence.toNanoseconds].map { time in
                time.map { Int($0 / 1_000_000) }
            }
        }
    }

    @Test func `the target was silent where no thread had an answer and one waited`() throws {
        // Of the other thread nothing waited in the second stop, until 6000.
        let all = [
            silence(0, 1000, 1002, 4000), silence(1, 999, 1001, 4003),
            silence(0, 5000, 5002, 6500), silence(1, 4900, nil, 7000),
            silence(1, 4900, 4950, 7000, operation: "listPods"),
        ]
        #expect(try silences(all, threads: 2) == [[1000, 1001, 4000], [5000, 5002, 6500]])
    }

    @Test func `a thread that had answers meanwhile ends a silence`() throws {
        // One connection hangs; the other thread is answered all along.
        #expect(try silences([silence(0, 1000, 1002, 4000)], threads: 2).isEmpty)
        // It is answered once, at 3000: two silences of one.
        let all = [
            silence(0, 1000, 1002, 4000), silence(1, 900, 901, 3000), silence(1, 3000, 3950, 4100),
        ]
        #expect(try silences(all, threads: 2) == [[1000, 1000, 3000], [3000, 3000, 4000]])
    }

    @Test func `a silence at the end of the load has no end`() throws {
        let all = [silence(0, 1000, 1002, nil, last: 9000), silence(1, 900, nil, nil)]
        #expect(try silences(all, threads: 2) == [[1000, 1002, nil]])
        #expect(try silences([silence(0, 1000, 1002, nil, last: 1090)], threads: 1).isEmpty)
    }

    // MARK: Blind time

    @Test func `time in which no thread looked is the union of all threads'`() throws {
        var run = sample
        func loop(_ stretches: [(Int, Int)]) -> LoopReading {
            var reading = LoopReading()
            reading.blind = stretches.map { from, end in
                BlindStretch(
                    fromNanoseconds: UInt64(from) * 1_000_000,
                    toNanoseconds: UInt64(end) * 1_000_000)
            }
            return reading
        }
        run.rows[0].loops = [loop([(100, 400)]), loop([(300, 500), (800, 950)])]
        run.rows[1].loops = [loop([(950, 1300)]), LoopReading()]
        let evidence = try run.evidence()
        #expect(evidence.blindStretches.map(\.nanoseconds) == [400_000_000, 500_000_000])
        for (from, end, want) in [(0, 2, 0.9), (0.2, 1, 0.5), (1.3, 9, 0), (0.5, 0.8, 0)]
            as [(Double, Double, Double)]
        {
            #expect(abs(evidence.blindSeconds(from: from, to: end) - want) < 1e-9)
        }
        #expect(try sample.evidence().blindStretches.isEmpty)
    }

    // MARK: Earlier evidence

    @Test func `evidence of the version before is read, and has nothing of what came later`() throws
    {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Support/EarlierRun").path
        let evidence = try RunEvidence(reading: folder)
        #expect(evidence.rows.count == 4 && evidence.isComplete && evidence.losses.isEmpty)
        #expect(evidence.outcomes { _, _ in true } == [.ok: 60])
        #expect(evidence.due.isEmpty && !evidence.hasWholeDue && evidence.silences.isEmpty)
        #expect(evidence.silences(of: "ping").isEmpty && evidence.blindStretches.isEmpty)
    }
}
