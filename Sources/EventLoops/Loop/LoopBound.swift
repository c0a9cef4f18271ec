/// A value that belongs to one event loop, in a wrapper that tasks of that loop can carry.
public struct LoopBound<Value>: @unchecked Sendable {
    // Sendable: `value` checks at run time that it is read on the loop's own thread.
    private let storage: Value
    private let loop: EventLoop

    /// Binds `value` to `loop`.
    public init(_ value: sending Value, to loop: EventLoop) {
        storage = value
        self.loop = loop
    }

    /// The value; traps on any other thread than the loop's.
    @inline(__always)
    public var value: Value {
        precondition(loop.isCurrent, "loop-confined state was reached from another thread")
        return storage
    }
}
