import Evidence
public import JSON

/// Runs that later ones are compared with: Results/baselines/NAME.json.
public struct Baseline: Sendable, Codable, Equatable {
    /// The version of its form.
    public static let schema = "loadgen/baseline/1"

    /// The version of its form.
    public var schema = Self.schema
    /// Its name, which is the file's.
    public var name: String
    /// The start of its latest run, ISO 8601 in UTC.
    public var startedAt: String
    /// The profile's name.
    public var profile: String
    /// What was asked of the target, so that runs of another load are not compared with it.
    public var load: String
    /// The machine that it was measured on.
    public var host: String
    /// The version of loadgen.
    public var version = RunDescription.version
    /// Its runs.
    public var runs: [RunFigures]

    /// A baseline from its parts.
    public init(
        name: String, startedAt: String, profile: String, load: String, host: String,
        runs: [RunFigures]
    ) {
        self.name = name
        self.startedAt = startedAt
        self.profile = profile
        self.load = load
        self.host = host
        self.runs = runs
    }

    /// What a profile asks of its target: its load, scenarios and limits, whatever the seed, the
    /// target and the objectives.
    public static func load(of profile: JSONValue) -> String {
        let parts = ["load", "scenarios", "limits"].map { name in
            JSONValue.Member(name, profile[name] ?? .null)
        }
        return JSONValue.object(parts).text
    }
}
