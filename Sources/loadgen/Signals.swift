import Campaigns
import Glibc

/// Ctrl-C and SIGTERM: the first stops the run in order, the second at once.
enum Signals {
    /// Blocks the signals and waits for them on its own thread; before any other thread starts.
    static func take(over control: RunControl) {
        var set = stopSignals
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
        let argument = Unmanaged.passRetained(control).toOpaque()
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let control = Unmanaged<RunControl>.fromOpaque(argument).takeRetainedValue()
                var set = Signals.stopSignals
                var number: Int32 = 0
                sigwait(&set, &number)
                control.stop()
                sigwait(&set, &number)
                _exit(ExitCode.interrupted.rawValue)
            }, argument)
        pthread_detach(thread)
    }

    private static var stopSignals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        return set
    }
}
