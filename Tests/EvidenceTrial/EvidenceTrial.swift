import Campaigns
import Evidence
import FoundationEssentials
import Measurements
import Profiles
import Reports
import SampleEvidence
public import Verdicts

/// Reads, judges and reports evidence with one of its files replaced, as the command line does.
public struct EvidenceTrial: Sendable {
    /// What came of it.
    public enum Outcome: Sendable {
        /// It could not be read; the error names the file.
        case unreadable(String)
        /// It was judged, and reported in every form.
        case judged(RunVerdict)
    }

    /// The files that can be replaced, by their name: those of a run, a baseline and a capacity.
    public static let files = [
        "run.json", "series.ndjson", "events.ndjson", "failures.ndjson", "latency.hlog",
        "due.ndjson", "silences.ndjson", "troughs.ndjson", "slow.ndjson", "heap.json",
        "contract.yaml", "data/rows.csv", "seals.ndjson", baseline, capacity,
    ]
    private static let baseline = "base.json"
    private static let capacity = "capacity.json"

    /// The folder of the run.
    public let folder: String
    /// What each file holds as the run wrote it.
    public let whole: [String: [UInt8]]
    /// What is said of the run as it is.
    public let verdict: RunVerdict

    /// Writes the run of `OutageRun` into a new folder under `parent`.
    ///
    /// - Parameter isSealed: whether it has seals; without, it is as an earlier version wrote it.
    public init(under parent: String, isSealed: Bool) throws {
        let rows = "\(parent)/rows.csv"
        try "name\nann\nbob\n".write(toFile: rows, atomically: false, encoding: .utf8)
        folder = try OutageRun.sample(dataFile: rows).write(under: parent).path
        if !isSealed {
            try FileManager.default.removeItem(atPath: "\(folder)/seals.ndjson")
            let path = "\(folder)/run.json"
            try String(contentsOfFile: path, encoding: .utf8)
                .replacing("loadgen/run/3", with: "loadgen/run/2")
                .write(toFile: path, atomically: false, encoding: .utf8)
        }
        let evidence = try RunEvidence(reading: folder)
        let profile = try evidence.description.profile(in: folder)
        verdict = Judge.judge(evidence, profile: profile)
        var figures = RunFigures(evidence, profile: profile)
        figures.problems = []
        let runs = (0..<4).map { _ in (evidence: evidence, figures: figures) }
        try BaselineStore(folder: folder).set(BaselineStore.baseline(named: "base", of: runs))
        try EvidenceWriter.write(
            CapacityJSON.text(Self.capacity(figures)), to: "\(folder)/\(Self.capacity)")
        var whole: [String: [UInt8]] = [:]
        for file in Self.files {
            let data = FileManager.default.contents(atPath: "\(folder)/\(file)")
            if let data { whole[file] = Array(data) }
        }
        self.whole = whole
    }

    /// What comes of the evidence with `bytes` in the place of a file, which is then as it was.
    ///
    /// - Parameter number: which report is made of it; `nil` for every one.
    public func outcome(
        of bytes: [UInt8], as file: String, only number: Int? = nil
    ) throws -> Outcome {
        defer { restore(file) }
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(file)"))
        return try outcome(changing: file, only: number)
    }

    /// What comes of the evidence after a fuzzer's input was put into one of its files.
    ///
    /// - Parameter input: which file; the place in it in 1/65536 of its length, in two bytes; how
    ///   many bytes are taken out there; and what is put in their place, or with a count of 255 in
    ///   the place of the whole file.
    public func outcome(ofInput input: ArraySlice<UInt8>, only number: Int) throws -> Outcome {
        let header = Array(input.prefix(4)) + [UInt8](repeating: 0, count: 4)
        let file = Self.files[Int(header[0]) % Self.files.count]
        let new = input.dropFirst(4)
        guard var bytes = whole[file], header[3] < 255 else {
            return try outcome(of: Array(new), as: file, only: number)
        }
        let start = (Int(header[1]) << 8 | Int(header[2])) * bytes.count >> 16
        bytes.replaceSubrange(start..<min(bytes.count, start + Int(header[3])), with: new)
        return try outcome(of: bytes, as: file, only: number)
    }

    /// What comes of the evidence without a file, which is then as it was.
    public func outcome(without file: String) throws -> Outcome {
        defer { restore(file) }
        try FileManager.default.removeItem(atPath: "\(folder)/\(file)")
        return try outcome(changing: file)
    }

    private func outcome(changing file: String, only number: Int? = nil) throws -> Outcome {
        if file == Self.capacity { readCapacity("\(folder)/\(file)") }
        do {
            let evidence = try RunEvidence(reading: folder)
            let profile = try evidence.description.profile(in: folder)
            let verdict = Judge.judge(evidence, profile: profile)
            report(evidence, verdict, profile, only: number)
            if file == Self.baseline { compare(evidence, profile) }
            return .judged(verdict)
        } catch {
            return .unreadable(error.description)
        }
    }

    /// Puts back what the run wrote.
    private func restore(_ file: String) {
        let path = "\(folder)/\(file)"
        if let bytes = whole[file] {
            // A disk that is full shows in the next outcome.
            try? Data(bytes).write(to: URL(filePath: path))
        } else {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Every report of a run, or the one of that number alone, which saves time.
    private func report(
        _ evidence: RunEvidence, _ verdict: RunVerdict, _ profile: Profile, only number: Int?
    ) {
        let model = ReportModel(evidence: evidence, verdict: verdict, profile: profile)
        let forms = ReportFormat<ReportModel>.allCases.map { form in
            { form.text(model, hasMethod: true) }
        }
        let others = [
            { CSVReport.series(evidence) },
            { PercentileTable.text(evidence, profile: profile) },
            { TerminalReport.verdictBlock(model, isColoured: true, hasMethod: true) },
            {
                let run = Repetition(evidence, profile: profile, verdict: verdict, of: 3)
                let record = RepeatJudge(profile: profile, runs: [run, run, run], wanted: 3)
                    .record(target: "", seconds: 1)
                return Self.reports(record)
            },
        ]
        let all = forms + others
        for (index, report) in all.enumerated()
        where number.map({ $0 % all.count == index }) ?? true {
            _ = report()
        }
    }

    private func compare(_ evidence: RunEvidence, _ profile: Profile) {
        guard let baseline = try? BaselineStore(folder: folder).baseline(named: "base"),
            let notes = try? BaselineStore.notes(on: evidence, against: baseline)
        else { return }
        let figures = RunFigures(evidence, profile: profile)
        let own = [RunFigures](repeating: figures, count: 4)
        let comparison = Comparison(
            baseline: baseline.runs, candidate: own, rule: ComparisonRule(design: .unpaired))
        let record = ComparisonRecord(
            comparison: comparison, baselineName: baseline.name, candidateName: "run",
            profile: baseline.profile, baseline: baseline.runs, candidate: own)
        _ = Self.reports(record) + notes.joined()
        for run in baseline.runs {
            for metric in ComparisonMetric.all { _ = run.value(metric).map { metric.text($0) } }
        }
    }

    private func readCapacity(_ path: String) {
        guard let text = try? EvidenceFile.result(path),
            let capacity = CapacityJSON.capacity(parsing: text)
        else { return }
        _ = Self.reports(capacity)
        let wish = CapacityPlan.Wish(targetRate: 20_000, growthPerMonth: 0.08)
        guard let plan = CapacityPlan(capacity, wish: wish) else { return }
        _ = Self.reports(plan)
    }

    /// A result in every format.
    private static func reports<Model: Reported>(_ model: Model) -> String {
        ReportFormat<Model>.allCases.map { $0.text(model, isColoured: true) }.joined()
    }

    private static func capacity(_ figures: RunFigures) -> Capacity {
        var search = CapacitySearch(first: 100, most: 10_000, confidence: 0.95)
        var steps: [CapacityStep] = []
        while let next = search.next {
            let outcome = next.rate <= 500 ? CapacitySearch.Outcome.pass : .fail
            search.observe(outcome)
            var step = CapacityStep(next, outcome: outcome, figures: figures, seconds: 5)
            (step.throughput, step.mean, step.cpu, step.memory) = (next.rate, 1e6, 1, 4e6)
            steps.append(step)
        }
        var capacity = Capacity(
            search: search, steps: steps, profile: "ping", target: "http://127.0.0.1:1",
            objectives: ["p(95) < 10ms"], processors: 2)
        capacity.seconds = 60
        return capacity
    }
}
