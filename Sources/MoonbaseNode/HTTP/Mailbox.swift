import CLinux
import EventLoops
import Glibc

/// How other threads reach a server's loop: messages, and a descriptor that wakes it.
final class Mailbox: Sendable {
    enum Message: Sendable {
        case connection(Int32, isAdmin: Bool)
        case answer(slot: Int, generation: UInt32, Answer)
        case accept
        case drain
    }

    private struct State: Sendable {
        var messages: [Message] = []
        var isWakePending = false
    }

    private let state = Locked(State())
    /// An eventfd, readable where there is a message.
    let descriptor: Int32

    init() throws(NodeError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else {
            throw NodeError("no event descriptor: \(errnoWords())", hint: "close some files")
        }
    }

    deinit { close(descriptor) }

    /// Callable on any thread.
    func post(_ message: Message) {
        let mustWake = state.withLock { state in
            state.messages.append(message)
            defer { state.isWakePending = true }
            return !state.isWakePending
        }
        guard mustWake else { return }
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// All messages since the last call, in order; on the loop.
    func take() -> [Message] {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
        return state.withLock { state in
            state.isWakePending = false
            defer { state.messages = [] }
            return state.messages
        }
    }
}

/// The one place where a request's answer goes, from any thread.
struct Responder: Sendable {
    let mailbox: Mailbox
    let slot: Int
    let generation: UInt32

    /// Sends the answer; more than one is the caller's mistake, and the later ones are dropped.
    func callAsFunction(_ answer: Answer) {
        mailbox.post(.answer(slot: slot, generation: generation, answer))
    }
}

/// The system's words for errno.
func errnoWords() -> String { String(cString: strerror(errno)) }
