import Campaigns
import EventLoops
import Glibc
import Targets

/// Ctrl-C, SIGTERM and the end of the terminal: the first stops the run in order, one that comes
/// later than a second after it stops at once.
///
/// By a handler, not by a mask: libdispatch waits on the main thread with every signal unblocked.
enum Signals {
    /// The end of a pipe that the handler writes to; set once before the handler is.
    nonisolated(unsafe) private static var pipeEnds: (read: Int32, write: Int32) = (-1, -1)

    /// Installs the handler, and starts the thread that hears of it.
    static func take(over control: RunControl) {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipeEnds = (ends[0], ends[1])
        let argument = Unmanaged.passRetained(control).toOpaque()
        var thread = pthread_t()
        let number = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let control = Unmanaged<RunControl>.fromOpaque(argument).takeRetainedValue()
                Signals.waitForOne()
                control.stop()
                let first = MonotonicClock.system.nowNanoseconds
                // A terminal and whoever watches over the process may both send one.
                var now = first
                while now < first + Signals.togetherNanoseconds {
                    Signals.waitForOne()
                    now = MonotonicClock.system.nowNanoseconds
                }
                Terminal.complain(
                    "stopped at once, without a verdict; what was recorded is in the run's folder, "
                        + "and loadgen report reads it")
                _exit(ExitCode.interrupted.rawValue)
            }, argument)
        // Nobody would hear of a signal that is handled; as it is, each one ends the process.
        guard number == 0 else { return }
        pthread_detach(thread)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            let before = signal(number) { _ in
                var byte: UInt8 = 0
                _ = write(Signals.pipeEnds.write, &byte, 1)
            }
            // nohup and the like: the run goes on without its terminal.
            if number == SIGHUP, isIgnored(before) { signal(number, SIG_IGN) }
        }
    }

    private static let togetherNanoseconds: UInt64 = 1_000_000_000

    private static func isIgnored(_ handler: __sighandler_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static func waitForOne() {
        var byte: UInt8 = 0
        while read(pipeEnds.read, &byte, 1) < 0, errno == EINTR {}
    }
}
