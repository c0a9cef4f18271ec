import CLinux
import EventLoops
import Glibc

/// A process that holds something, which the kernel lets go when it ends, however that is.
///
/// It ends with its standard input, which only this process has the other end of.
final class Holder {
    let id: pid_t
    private let start: UInt64
    private let input: Int32
    private let output: Int32
    private var isEnded = false

    private static let answerMilliseconds: Int32 = 60_000

    /// Starts it; it holds nothing yet.
    init(_ program: String, _ words: [String]) throws(FaultError) {
        var inputs: [Int32] = [-1, -1]
        var outputs: [Int32] = [-1, -1]
        guard pipe2(&inputs, O_CLOEXEC) == 0 else { throw FaultError(calling: "pipe2") }
        guard pipe2(&outputs, O_CLOEXEC) == 0 else {
            for end in inputs { close(end) }
            throw FaultError(calling: "pipe2")
        }
        input = inputs[1]
        output = outputs[0]
        defer { for end in [inputs[0], outputs[1]] { close(end) } }
        do throws(FaultError) {
            id = try ChildProgram.start(program, words, input: inputs[0], output: outputs[1])
        } catch {
            for end in [inputs[1], outputs[0]] { close(end) }
            throw error
        }
        start = ProcessStat(id)?.start ?? 0
    }

    deinit { end() }

    /// What lets go of what it holds.
    var inverse: Inverse { .kill(pid: id, start: start) }

    /// Whether it lives.
    var isAlive: Bool { ProcessStat.isAlive(id, start: start) }

    /// Has it hold what it was started for.
    ///
    /// - Throws: `FaultError` with its words if it cannot.
    func hold(_ what: String) async throws(FaultError) {
        _ = write(input, "g", 1)
        var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, Self.answerMilliseconds) < 0, errno == EINTR {}
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = entry.revents == 0 ? 0 : read(output, &bytes, bytes.count)
        let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .split(separator: "\n").first.map(String.init)
        guard words == "held" else {
            throw FaultError(
                "\(what): \(words ?? "no answer")", hint: "see that loadgen may write there")
        }
    }

    /// Ends it where it lives, and takes leave of it.
    func end() {
        guard !isEnded else { return }
        isEnded = true
        close(input)
        close(output)
        kill(id, SIGKILL)
        _ = ChildProgram.wait(for: id)
    }
}
