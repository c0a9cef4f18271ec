/// What became of one fault; times are monotonic nanoseconds of the run's clock.
public struct FaultRecord: Sendable, Equatable {
    /// Its number in the run, from 1.
    public let id: Int
    /// The kind's name.
    public let kind: String
    /// How it was made, and why that way; empty if it was not.
    public var mechanism = ""
    /// When its first change was about to be made.
    public var strikeBegan: UInt64
    /// When a probe first found what it says of the effect.
    public var effectSeen: UInt64?
    /// Whether it struck; `nil` if that was not looked at.
    public var effect: Proof?
    /// When it was about to be undone.
    public var undoBegan: UInt64?
    /// When a probe first found what it says of the undoing.
    public var undoSeen: UInt64?
    /// Whether everything is as before; `nil` if that was not looked at.
    public var undo: Proof?
    /// Why it could not be made or undone; `nil` if it could.
    public var problem: FaultError?

    init(id: Int, kind: String, strikeBegan: UInt64) {
        self.id = id
        self.kind = kind
        self.strikeBegan = strikeBegan
    }
}
