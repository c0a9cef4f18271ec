import Campaigns
import Glibc

/// Ctrl-C and SIGTERM: the first stops the run in order, the second at once.
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
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let control = Unmanaged<RunControl>.fromOpaque(argument).takeRetainedValue()
                Signals.waitForOne()
                control.stop()
                Signals.waitForOne()
                _exit(ExitCode.interrupted.rawValue)
            }, argument)
        pthread_detach(thread)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                var byte: UInt8 = 0
                _ = write(Signals.pipeEnds.write, &byte, 1)
            }
        }
    }

    private static func waitForOne() {
        var byte: UInt8 = 0
        while read(pipeEnds.read, &byte, 1) < 0, errno == EINTR {}
    }
}
