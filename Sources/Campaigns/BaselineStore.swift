public import Evidence
import FoundationEssentials
import Glibc
import JSON
public import Targets
public import Verdicts

/// The baselines that are kept: one file each, small enough for git.
public struct BaselineStore: Sendable {
    /// The folder of the files.
    public let folder: String

    /// A store in a folder, as Results/baselines.
    public init(folder: String) { self.folder = folder }

    /// The names of the baselines, in order.
    public var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// A baseline of runs of one load, all of them valid; in their order.
    ///
    /// - Throws: `CampaignError` where the runs do not go together, or prove nothing.
    public static func baseline(
        named name: String, of runs: [(evidence: RunEvidence, figures: RunFigures)]
    ) throws(CampaignError) -> Baseline {
        guard let last = runs.last?.evidence.description else {
            throw CampaignError(
                .usage, "a baseline needs a run",
                hint: "make one with loadgen run, and give its folder")
        }
        let load = Baseline.load(of: last.profile)
        for (evidence, figures) in runs {
            if let problem = figures.problems.first {
                throw CampaignError(
                    .usage, "the run \(figures.run) proves nothing: \(problem)",
                    hint: "make it again")
            }
            guard Baseline.load(of: evidence.description.profile) == load else {
                throw CampaignError(
                    .usage,
                    "the run \(figures.run) has another load than \(last.id)",
                    hint: "a baseline is of runs of one profile")
            }
        }
        return Baseline(
            name: name, startedAt: last.startedAt, profile: last.profile["name"]?.string ?? "",
            load: load, host: host(last), runs: runs.map(\.figures))
    }

    private static func host(_ description: RunDescription) -> String {
        description.host.map { member in
            "\(member.name) \(member.value.string ?? member.value.text)"
        }.joined(separator: ", ")
    }

    /// What keeps a run from being compared with a baseline, and what weakens it.
    ///
    /// - Throws: `CampaignError` where the run has another load.
    public static func notes(
        on run: RunEvidence, against baseline: Baseline
    ) throws(CampaignError) -> [String] {
        guard Baseline.load(of: run.description.profile) == baseline.load else {
            throw CampaignError(
                .usage,
                "the run \(run.description.id) has another load than the baseline "
                    + "\(baseline.name) of profile \(baseline.profile)",
                hint: "run the profile as it was, or set a new baseline")
        }
        let host = host(run.description)
        return host == baseline.host
            ? []
            : [
                "the baseline was measured on another machine (\(baseline.host); now \(host)): a "
                    + "difference may be the machine's."
            ]
    }

    /// Keeps a baseline, over an earlier one of its name.
    ///
    /// - Throws: `CampaignError` for a name that is no file's; `EvidenceError` where it cannot be
    ///   written.
    public func set(_ baseline: Baseline) throws {
        try check(baseline.name)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let text = String(decoding: try encoder.encode(baseline), as: UTF8.self)
        try EvidenceWriter.write(text + "\n", to: path(baseline.name))
    }

    /// Reads a baseline.
    ///
    /// - Throws: `CampaignError` if there is none, or the file is not one.
    public func baseline(named name: String) throws(CampaignError) -> Baseline {
        try check(name)
        guard EvidenceFile.isFile(path(name)) else {
            let known = names
            throw CampaignError(
                .usage, "there is no baseline \(name) in \(folder)",
                hint: known.isEmpty
                    ? "keep one with loadgen baseline set \(name) RUN"
                    : "there are \(known.joined(separator: ", "))")
        }
        let text: String
        do { text = try EvidenceFile.result(path(name)) } catch {
            throw CampaignError(.usage, "\(error.place) \(error.message)", hint: error.hint)
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let baseline = try? decoder.decode(Baseline.self, from: Data(text.utf8)),
            baseline.schema == Baseline.schema, !baseline.runs.isEmpty,
            baseline.runs.allSatisfy(\.isPossible)
        else {
            throw CampaignError(
                .usage, "\(path(name)) is no baseline of form \(Baseline.schema)",
                hint: "keep it again with loadgen baseline set \(name) RUN")
        }
        return baseline
    }

    private func path(_ name: String) -> String { "\(folder)/\(name).json" }

    private func check(_ name: String) throws(CampaignError) {
        let isPlain = name.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0))
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("."), name.count <= 100 else {
            throw CampaignError(
                .usage, "\"\(name)\" is no name for a baseline",
                hint: "use letters, digits, - and _, as in main or release-1.2")
        }
    }
}
