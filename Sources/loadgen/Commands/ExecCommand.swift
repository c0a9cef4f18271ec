import ArgumentParsing
import Campaigns
import FoundationEssentials
import Glibc
import Targets

struct ExecCommand: Command {
    static let syntax = CommandSyntax(
        name: "exec",
        summary: "start a program with the allocator probe in it, for runs that look for leaks",
        flags: [
            Flag(
                name: "--profile-heap", value: nil,
                help: "record the stacks of live memory, so that a leak is named by its function")
        ],
        examples: [
            "loadgen exec -- nginx -c /etc/nginx/nginx.conf",
            "loadgen exec --profile-heap -- moonbase --port 4343",
        ], takesCommand: true)

    let call: Invocation

    /// Becomes the program, with the probe in it: signals, exit status and process id are its own.
    ///
    /// - Throws: `CampaignError` where the probe is not there, or the program cannot be started.
    func run() throws -> ExitCode {
        var words = call.arguments.commandWords
        if words[0] == "moonbase", access(ProgramFile.besideOwn("moonbase"), X_OK) == 0 {
            words[0] = ProgramFile.besideOwn("moonbase")
        }
        var launch: ProbeLaunch?
        if let obstacle = ProgramFile.obstacle(words[0]) {
            Terminal.complain(
                "\(obstacle); it starts without the probe, and its memory is read from /proc")
        } else {
            launch = try ProbeLaunch(
                library: ProgramFile.besideOwn("libAllocatorProbe.so"),
                profilesHeap: call.arguments.has("--profile-heap"))
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
