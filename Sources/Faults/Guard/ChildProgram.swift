import CLinux
import FoundationEssentials
import Glibc

/// A program that is started with some descriptors, and no others.
enum ChildProgram {
    /// Starts it; its process id.
    ///
    /// - Parameters:
    ///   - keeping: descriptors that it gets under their own numbers.
    ///   - input: its standard input; `nil` for none.
    ///   - output: its standard output; `nil` for none.
    /// - Throws: `FaultError` if it cannot be started.
    static func start(
        _ path: String, _ words: [String], keeping: [Int32] = [], input: Int32? = nil,
        output: Int32? = nil
    ) throws(FaultError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, number) in [(input, Int32(0)), (output, 1)] {
            if let descriptor {
                posix_spawn_file_actions_adddup2(&actions, descriptor, number)
            } else {
                posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
            }
        }
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_RDWR, 0)
        // Each onto itself: this one is not closed when the program starts.
        for file in keeping { posix_spawn_file_actions_adddup2(&actions, file, file) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Ctrl-C is for loadgen, which undoes everything in order.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] =
            ([path] + words).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var process = pid_t()
        let number = posix_spawn(&process, path, &actions, &attributes, &arguments, &variables)
        guard number == 0 else {
            throw FaultError(
                "\(path) did not start: \(String(cString: strerror(number)))",
                hint: "build it with Scripts/build")
        }
        return process
    }

    /// Runs it to its end; its exit code, and what it wrote.
    ///
    /// - Throws: `FaultError` if it cannot be started.
    static func run(
        _ path: String, _ words: [String]
    ) throws(FaultError) -> (code: Int32, text: String) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw FaultError(calling: "pipe2") }
        defer { close(ends[0]) }
        let process: pid_t
        do {
            defer { close(ends[1]) }
            process = try start(path, words, output: ends[1])
        }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(ends[0], &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            text += chunk[..<count]
        }
        return (wait(for: process), String(decoding: text, as: UTF8.self))
    }

    /// Waits for its end; its exit code, or 128 and the signal that ended it.
    static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let number = status & 0x7f
        return number == 0 ? status >> 8 & 0xff : 128 + number
    }
}

extension FaultError {
    /// A system call that failed, with errno's words.
    init(calling call: String) {
        self.init(
            "\(call): \(String(cString: strerror(errno)))",
            hint: "see what the system says of its limits")
    }
}
