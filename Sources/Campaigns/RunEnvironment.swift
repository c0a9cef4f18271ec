import Collector
import EventLoops
import Targets

/// What a run takes from the machine; a test gives its own.
struct RunEnvironment: Sendable {
    /// What it measures time by.
    var clock = MonotonicClock.system
    /// Makes the lanes to a target.
    var makeLanes: LaneFactory.Maker = LaneFactory.init
    /// The machine's CPU time since it started, in ticks: what was stolen, and all of it; `nil` if
    /// the system does not say.
    var readSteal: @Sendable () -> (stolen: Double, total: Double)? = ProcessReader.readSteal
}
