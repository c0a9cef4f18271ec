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

    /// There is room to write, or a connection attempt has ended.
    public var isWritable: Bool {
        events & (EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
    }
}
