/// What a loop did since these were last taken.
public struct LoopCounters: Sendable, Equatable {
    /// Turns of the loop.
    public var turns = 0
    /// Events of descriptors that were ready.
    public var events = 0
    /// Waits that a timer ended.
    public var timerWakes = 0
    /// By how much those waits were longer than asked, in nanoseconds, in all.
    public var overshootNanoseconds: UInt64 = 0
    /// The longest of them.
    public var maximumOvershootNanoseconds: UInt64 = 0

    /// All zero.
    public init() {}
}
