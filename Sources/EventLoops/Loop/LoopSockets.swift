import Glibc
import Synchronization

/// The sockets of a loop that another thread may shut, where a library that reads them does not
/// come back; callable on any thread.
public final class LoopSockets: Sendable {
    private let descriptors = Locked(Set<Int32>())
    private let count = Atomic<Int>(0)

    init() {}

    /// How often they were shut.
    @inline(__always)
    public var shutCount: Int { count.load(ordering: .relaxed) }

    /// Takes a socket, which must be closed by `close`.
    public func add(_ descriptor: Int32) { descriptors.withLock { _ = $0.insert(descriptor) } }

    /// Closes a socket.
    public func close(_ descriptor: Int32) {
        // Under the lock, so that `shut` cannot reach a number that is in use again.
        descriptors.withLock { descriptors in
            descriptors.remove(descriptor)
            Glibc.close(descriptor)
        }
    }

    /// Ends the connections of all: who reads one finds what has come, and then the end.
    public func shut() {
        descriptors.withLock { descriptors in
            for descriptor in descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        count.wrappingAdd(1, ordering: .relaxed)
    }
}
