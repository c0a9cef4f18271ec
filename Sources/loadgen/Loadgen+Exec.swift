import Campaigns
import FoundationEssentials
import Glibc
import Targets

extension Loadgen {
    /// Becomes the program, with the probe in it: signals, exit status and process id are its own.
    ///
    /// - Throws: `CampaignError` where the probe is not there, or the program cannot be started.
    func exec(_ arguments: Arguments) throws -> ExitCode {
        var words = arguments.commandWords
        if words[0] == "moonbase", access(besideOwn("moonbase"), X_OK) == 0 {
            words[0] = besideOwn("moonbase")
        }
        var launch: ProbeLaunch?
        if let obstacle = ProgramFile.obstacle(words[0]) {
            Terminal.complain(
                "\(obstacle); it starts without the probe, and its memory is read from /proc")
        } else {
            launch = try ProbeLaunch(
                library: besideOwn("libAllocatorProbe.so"),
                profilesHeap: arguments.has("--profile-heap"))
            let environment = launch?.environment(over: ProcessInfo.processInfo.environment)
            for (name, value) in environment ?? [:] { setenv(name, value, 1) }
        }
        var list: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        // The threads of the concurrency library leave signals to others; a program has them all.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        execvp(words[0], &list)
        let reason = String(cString: strerror(errno))
        launch?.remove()
        throw CampaignError(
            .failure, "\"\(words.joined(separator: " "))\" did not start: \(reason)",
            hint: "give a program on the PATH, or its path")
    }
}
