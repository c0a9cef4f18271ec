import EventLoops
import Generator

/// A thread of the generator, with its part of the load.
struct GeneratorThread: Sendable {
    let loop: EventLoop
    let shard: LoopBound<Shard>
    /// How busy it is, and what its lane does.
    let meter: LoopBound<LoopMeter>
}
