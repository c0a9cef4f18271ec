import Targets

/// The target that is loaded: the way to it, how it is read, and what strikes it.
struct LoadedTarget {
    /// The lanes of the load.
    let lanes: LaneFactory
    /// Reads its memory and its processes.
    let reader: TargetReader
    /// Its faults; `nil` if the profile has none.
    let striking: Striking?
    /// The file with its output, which is there if loadgen has started it.
    let log: String
    /// Stops it and starts it again; `nil` if loadgen did not start it, or is not to.
    var restart: (() async throws -> LaneFactory)?
}
