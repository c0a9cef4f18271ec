import CLinux
import EventLoops
import Glibc

/// The process that undoes everything, whatever becomes of this one (`CLibraries/ChaosGuard`).
///
/// It writes the journal, and answers each intent once the disk has it. Where it has died itself, a
/// second one reads its journal and undoes what is in it. Calls wait for its answer.
final class FaultGuard {
    private let program: String
    private let journal: String
    private let process: pid_t
    private let control: Int32
    private(set) var isAlive = true
    private var isClosed = false

    /// What a line may take until the disk has it, and processes until they have ended.
    private static let patienceMilliseconds: Int32 = 10_000

    /// Starts it.
    ///
    /// - Parameter journal: the file that it makes.
    /// - Throws: `FaultError` if it does not start, or cannot write the journal.
    init(program: String, journal: String) throws(FaultError) {
        self.program = program
        self.journal = journal
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw FaultError(calling: "socketpair")
        }
        defer { Glibc.close(ends[1]) }
        control = ends[0]
        do throws(FaultError) {
            process = try ChildProgram.start(
                program, [String(ends[1]), journal], keeping: [ends[1]])
        } catch {
            Glibc.close(control)
            throw error
        }
        let words = answer() ?? "it has ended"
        guard words == "ok" else {
            Glibc.close(control)
            _ = ChildProgram.wait(for: process)
            throw FaultError(
                "the guard of faults did not begin its journal \(journal): \(words)",
                hint: "see that its folder can be written")
        }
    }

    deinit { close() }

    /// Its process id.
    var processID: pid_t { process }

    /// Has changes in the journal that are about to be made.
    ///
    /// - Throws: `FaultError` if that is not sure, so that they must not be made.
    func intend(
        _ id: Int, deadlineNanoseconds: UInt64, _ inverses: [Inverse]
    ) throws(FaultError) {
        // A packet has room for some hundred lines.
        for begin in stride(from: 0, to: inverses.count, by: 100) {
            let lines = inverses[begin..<min(inverses.count, begin + 100)].map(\.line)
            guard lines.allSatisfy({ !$0.contains("\n") }) else {
                throw FaultError("a path has a line end in it", hint: "name another one")
            }
            let words = ask(
                "i \(id) \(deadlineNanoseconds / 1_000_000)\n\(lines.joined(separator: "\n"))")
            guard words == "ok" else {
                throw FaultError(
                    "the guard of faults does not answer for a change, so it is not made",
                    hint: "see whether something ends processes of loadgen's")
            }
        }
    }

    /// Has a line in the journal, as `proven 3 yes`.
    func note(_ line: String) { _ = ask("n \(line)") }

    /// Undoes one fault; of a guard that has died, all of them.
    ///
    /// - Throws: `FaultError` if something could not be undone.
    func undo(_ id: Int) throws(FaultError) {
        if isAlive {
            let words = ask("u \(id)")
            if words == "undone" { return }
            if let words, words.hasPrefix("failed ") {
                throw FaultError(
                    "\(words.dropFirst(7)) changes could not be undone; \(journal) names them",
                    hint: "see what keeps them, then try loadgen chaos undo")
            }
        }
        guard try ChildProgram.run(program, ["undo-journal", journal]).code == 0 else {
            throw FaultError(
                "the guard of faults has died, and its journal \(journal) could not be undone",
                hint: "try loadgen chaos undo")
        }
    }

    /// Has everything undone, and waits for the guard's end.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        Glibc.close(control)
        if ChildProgram.wait(for: process) != 0 {
            _ = try? ChildProgram.run(program, ["undo-journal", journal])
        }
    }

    private func ask(_ packet: String) -> String? {
        guard isAlive, !isClosed else { return nil }
        let bytes = Array(packet.utf8)
        guard send(control, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            isAlive = false
            return nil
        }
        return answer()
    }

    private func answer() -> String? {
        var entry = pollfd(fd: control, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, Self.patienceMilliseconds) < 0, errno == EINTR {}
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = recv(control, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        guard count > 0 else {
            // One that hangs would keep the lock of its journal.
            kill(process, SIGKILL)
            isAlive = false
            return nil
        }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}

/// One fault's part of the journal.
public struct FaultJournal {
    let keeper: FaultGuard
    let id: Int
    let deadlineNanoseconds: UInt64

    /// Has changes in the journal that are about to be made.
    func intend(_ inverses: [Inverse]) throws(FaultError) {
        try keeper.intend(id, deadlineNanoseconds: deadlineNanoseconds, inverses)
    }
}
