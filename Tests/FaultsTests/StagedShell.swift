import CLinux
import Foundation
import Synchronization
import Testing

/// A shell that faults strike, which gets no descriptor but its output.
///
/// What Foundation starts may keep a descriptor by which Foundation learns of the end of another
/// process; a shell that lives as long as its test would keep that test waiting.
final class StagedShell: Sendable {
    let id: pid_t
    /// The first line that it has said.
    let line: String
    private let reaper: Reaper

    /// Reaps it as soon as it has ended, as a target's parent does.
    private final class Reaper: Sendable {
        private let state = Mutex(false)
        private let ended = DispatchSemaphore(value: 0)

        init(_ id: pid_t) {
            Thread { [self] in
                var information = siginfo_t()
                while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {
                }
                state.withLock { hasEnded in
                    hasEnded = true
                    waitpid(id, nil, 0)
                }
                ended.signal()
            }.start()
        }

        /// Calls `body` while the process cannot have made way for another one of its id, and waits
        /// for its end.
        func end(_ body: () -> Void) {
            state.withLock { if !$0 { body() } }
            ended.wait()
        }
    }

    /// Starts it, and waits for its first line.
    init(_ script: String) throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe2(&ends, O_CLOEXEC) == 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        let texts: [String] = ["sh", "-c", script]
        var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        let number = posix_spawn(&id, "/bin/sh", &actions, nil, &words, environ)
        close(ends[1])
        try #require(number == 0, "\(String(cString: strerror(number)))")
        self.id = id
        reaper = Reaper(id)
        let output = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        var line = ""
        while !line.hasSuffix("\n"), let data = try output.read(upToCount: 1), !data.isEmpty {
            line += String(decoding: data, as: UTF8.self)
        }
        self.line = line.trimmingCharacters(in: .newlines)
    }

    /// Ends it and what it has started.
    func end() { reaper.end { Self.end(id) } }

    private static func end(_ id: Int32) {
        // It can start nothing more while its children are looked up.
        kill(id, SIGSTOP)
        let list = try? String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)
        for child in (list ?? "").split(separator: " ").compactMap({ Int32($0) }) { end(child) }
        kill(id, SIGKILL)
    }
}
