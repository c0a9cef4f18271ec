import CLinux

/// What serves the events of one descriptor, on its loop's thread.
public protocol EventHandler: AnyObject {
    /// The descriptor became ready; edge-triggered, so read or write until it would block.
    func handle(_ readiness: Readiness)
}

/// What a descriptor is ready for.
public struct Readiness: Sendable {
    let events: UInt32

    /// There is something to read, or the peer has closed.
    public var isReadable: Bool {
        events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
            != 0
    }

    /// The peer will send no more than what is there to read; no later event tells of it.
    public var isPeerDone: Bool {
        events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
    }

    /// There is room to write, or a connection attempt has ended.
    public var isWritable: Bool {
        events & (EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
    }
}

/// What is called once at a time that it asked for, on its loop's thread.
public protocol TimerHandler: AnyObject {
    /// The time has come; `now` is monotonic nanoseconds, not before the deadline.
    func timerFired(at now: UInt64)
}

/// What is called once at the end of a turn of its loop, on the loop's thread.
public protocol TurnHandler: AnyObject {
    /// All that was ready in this turn has been read.
    func turnEnds()
}

/// Who is told when a loop did not come round for more than 100 ms, on the loop's thread.
public protocol HoldUpHandler: AnyObject {
    /// The loop looked at its descriptors at `from` and then not before `to` (monotonic
    /// nanoseconds).
    ///
    /// - Parameter isCallDue: whether a call that it was asked for is overdue.
    func loopWasHeldUp(from: UInt64, to: UInt64, isCallDue: Bool)
}

/// Which directions of a descriptor a level-triggered watch is for; an error or a hang-up is
/// always told.
public struct Interests: OptionSet, Sendable {
    /// The bits as epoll has them.
    public let rawValue: UInt32

    /// Interests from epoll's bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Something to read, or the end of it.
    public static let read = Interests(rawValue: EPOLLIN.rawValue)
    /// Room to write.
    public static let write = Interests(rawValue: EPOLLOUT.rawValue)
}
