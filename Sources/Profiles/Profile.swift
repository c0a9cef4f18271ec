public import Exchanges

/// What to run: a load over time, the scenarios it is made of, and the objectives it is judged by.
///
/// A profile comes from YAML through `ProfileDecoder`, which reports every mistake at once, so
/// that a
/// value of this type is always valid.
public struct Profile: Sendable, Equatable {
    /// The name that the run folder and the report carry; the file's name where the profile has
    /// none.
    public var name: String
    /// What the profile is for, in one sentence; may be empty.
    public var description = ""
    /// What is driven.
    public var target: Target
    /// Whose memory is read.
    public var watch = Watch()
    /// The OpenAPI document: `moonbase-v0`, `upstream`, or a path.
    public var contract = "moonbase-v0"
    /// The seed of every random choice: due times, the mix, generated values.
    public var seed: UInt64 = 42
    /// One-sided confidence of every bound, in (0.5, 1).
    public var confidence = 0.95
    /// The phases, in order; at least one.
    public var load: [Phase]
    /// The mix that each arrival is drawn from; at least one.
    public var scenarios: [Scenario]
    /// Files that iterations take values from; may be empty.
    public var data: [DataFeed] = []
    /// The longest spell of failures or slowness that a PASS has to hold for; `nil` if a PASS names
    /// the spells that it holds for.
    public var bursts: Duration?
    /// What strikes the target during the load; may be empty.
    public var faults: [PlannedFault] = []
    /// How scenarios that are checked are run.
    public var checked = CheckedSettings()
    /// What is judged; may be empty.
    public var objectives: [Objective]
    /// The bounds of the generator.
    public var limits: Limits
    /// How closely the generator keeps to due times.
    public var pacing = Pacing.precise
    /// How requests travel.
    public var network = Network()

    /// A profile from its parts; `ProfileDecoder` is the way in for anything a person wrote.
    public init(
        name: String, target: Target = .embedded, load: [Phase], scenarios: [Scenario],
        objectives: [Objective] = [], limits: Limits = Limits()
    ) {
        self.name = name
        self.target = target
        self.load = load
        self.scenarios = scenarios
        self.objectives = objectives
        self.limits = limits
    }
}
