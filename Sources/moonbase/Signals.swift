import Glibc
import Synchronization

/// SIGTERM and SIGINT, as flags that are looked at a hundred times a second.
///
/// By a handler, not by a mask: libdispatch waits on the main thread with every signal unblocked.
enum Signals {
    private static let stopped = Atomic<Bool>(false)
    private static let done = Atomic<Bool>(false)

    /// Installs the handlers.
    static func takeOver() {
        signal(SIGPIPE, SIG_IGN)
        // A file that may grow no more is an error of its write, as a full disk is.
        signal(SIGXFSZ, SIG_IGN)
        // Made before the handler is, which must not be the first to touch it.
        _ = isStopped
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in Signals.stopped.store(true, ordering: .relaxed) }
        }
    }

    /// Whether a signal has come.
    static var isStopped: Bool { stopped.load(ordering: .relaxed) }

    /// Whether the server has ended.
    static var isDone: Bool { done.load(ordering: .relaxed) }

    /// The server has ended, by a signal or without one.
    static func stop() {
        stopped.store(true, ordering: .relaxed)
        done.store(true, ordering: .relaxed)
    }
}
