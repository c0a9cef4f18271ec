import ArgumentParsing
import Campaigns
import Evidence
import Glibc
import Profiles
import Reports
import Suggestions
import Verdicts

extension Invocation {
    /// The runs that later ones are compared with.
    var baselines: BaselineStore {
        BaselineStore(folder: arguments.value("--baselines") ?? "\(home)/Results/baselines")
    }

    /// The format that `--format` asks for; text if it is not given.
    ///
    /// - Throws: `UsageError` for a name that there is not, with what is allowed.
    func reportFormat<Model: Reported>(
        _ flag: String = "--format", hint: String? = nil
    ) throws(UsageError) -> ReportFormat<Model> {
        guard let name = arguments.value("--format") else { return .text }
        guard let format = ReportFormat<Model>(rawValue: name) else {
            let names = ReportFormat<Model>.allCases.map(\.rawValue)
            let hint =
                hint ?? Suggestion.closest(to: name, among: names).map { "did you mean \($0)?" }
            throw UsageError(
                "\(flag) is one of \(names.joined(separator: ", ")), not \"\(name)\""
                    + (hint.map { "; \($0)" } ?? ""))
        }
        return format
    }

    /// Where a run is, by its folder, by its id under Results/runs, or as the `latest` there.
    private func runFolder(_ reference: String) -> String {
        let isPath = reference.contains("/") || access("\(reference)/run.json", R_OK) == 0
        if isPath { return reference }
        let runs = "\(home)/Results/runs"
        // Ids begin with the time of their start.
        let id = reference == "latest" ? RunFolder.names(in: runs).last : nil
        return "\(runs)/\(id ?? reference)"
    }

    /// The folder of a run; `nil` if there is no such run.
    func existingRun(_ reference: String) -> String? {
        let folder = runFolder(reference)
        return access("\(folder)/run.json", R_OK) == 0 ? folder : nil
    }

    /// A run's evidence and its profile, by its folder or by its id under Results/runs.
    func read(_ reference: String) throws -> (RunEvidence, Profile) {
        let evidence = try RunEvidence(reading: runFolder(reference))
        return (evidence, try evidence.description.profile(in: evidence.folder))
    }

    /// A run, or every run in a folder, in the order of their names.
    func folders(_ reference: String) throws(UsageError) -> [String] {
        if access("\(runFolder(reference))/run.json", R_OK) == 0 { return [reference] }
        let folders = RunFolder.names(in: reference).map { "\(reference)/\($0)" }
        guard !folders.isEmpty else {
            throw UsageError(
                "\(reference) is neither a run nor a folder of runs; give a folder under "
                    + "Results/runs, or one that holds several")
        }
        return folders
    }

    /// The run is what is counted: one that is given twice would be taken for two.
    func checkOnce(_ figures: [RunFigures]) throws(UsageError) {
        var seen: Set<String> = []
        for one in figures where !seen.insert(one.run).inserted {
            throw UsageError("the run \(one.run) is given twice; give each run once")
        }
    }
}
