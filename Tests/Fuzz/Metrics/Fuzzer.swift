import Evidence
import FoundationEssentials
import FuzzSupport
import Measurements
import Profiles
import Verdicts

@testable import Collector
@testable import Reports

/// A profile that asks for everything that is made of readings.
private let profile = made {
    Profile(
        name: "fuzz", target: .url("http://127.0.0.1:1"),
        load: [
            Phase(
                name: "steady", model: ConstantArrivalRate(Rate(perSecond: 10), .constant),
                duration: .seconds(60))
        ],
        scenarios: [Scenario(name: "s", steps: [Step(operation: "ping")])],
        objectives: ["leak < 1 MiB/h", "leak < 16 B/request", "error rate < 5%"].compactMap {
            Objective(parsing: $0)
        })
}

private let description = made {
    RunDescription(
        id: "fuzz", profile: profile, target: "http://127.0.0.1:1", targetProcess: nil,
        command: ["loadgen"], threads: 1)
}

/// What libFuzzer calls with each input: a byte that chooses the form of a report, then a target's
/// pages of metrics with a NUL between them, one for each second of a run.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let first = input.first else { return 0 }
    let pages = input.dropFirst().split(
        separator: 0, maxSplits: maximumPages - 1, omittingEmptySubsequences: false)
    let readings = pages.map {
        ProcessReader.read(prometheus: String(decoding: $0, as: UTF8.self))
    }
    checkPossible(readings[0])
    // Of the workers of one server.
    if let sum = ProcessReading(sum: readings) { checkPossible(sum) }
    guard readings.contains(where: { $0 != ProcessReading() }) else { return 0 }
    // Few of them, since each takes as long as a hundred others.
    guard count % 8 == 0 else { return 0 }
    report(
        readings,
        ReportFormat<ReportModel>.allCases[Int(first) % ReportFormat<ReportModel>.allCases.count])
    return 0
}

private let maximumPages = 60

/// Every figure can be kept in evidence, and is read back as it is.
private func checkPossible(_ reading: ProcessReading) {
    var bounded = reading
    bounded.dropImpossible()
    check(bounded == reading, "impossible: \(reading)")
    guard let text = try? JSONEncoder().encode(reading),
        let again = try? JSONDecoder().decode(ProcessReading.self, from: text)
    else { return check(false, "not kept: \(reading)") }
    check(again == reading, "kept as another: \(reading) \(again)")
}

/// The verdict and one report of a run with these readings.
private func report(_ readings: [ProcessReading], _ form: ReportFormat<ReportModel>) {
    let rows = readings.enumerated().map { second, reading in
        var row = SeriesRow(
            timeSeconds: Double(second + 1), phases: ["steady"],
            counts: [
                OperationCounts(phase: "steady", operation: "ping", outcomes: [.ok: 10], over: [:])
            ])
        row.planned = 10
        row.started = 10
        row.sent = 10
        row.target = reading
        row.target?.source = reading.source ?? .metrics
        return row
    }
    let evidence = RunEvidence(
        description: description, rows: rows,
        events: [RunEvent(timeSeconds: Double(rows.count), kind: .ended, detail: "")])
    let verdict = Judge.judge(evidence, profile: profile)
    let model = ReportModel(evidence: evidence, verdict: verdict, profile: profile)
    check(!form.text(model).isEmpty, "an empty report")
    _ = CSVReport.series(evidence)
}
