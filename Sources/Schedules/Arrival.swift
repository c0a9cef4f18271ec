/// One entry of the schedule: an iteration of a scenario, and when its first request is due.
public struct Arrival: Sendable, Equatable {
    /// Nanoseconds from the start of the load.
    public var dueNanoseconds: UInt64
    /// The index of the phase in the profile's load.
    public var phase: Int
    /// The index of the scenario in the profile.
    public var scenario: Int
    /// Its number in the run, from 0, over all phases of the open model.
    public var number: UInt64

    /// An arrival from its parts.
    public init(dueNanoseconds: UInt64, phase: Int, scenario: Int, number: UInt64) {
        self.dueNanoseconds = dueNanoseconds
        self.phase = phase
        self.scenario = scenario
        self.number = number
    }
}
