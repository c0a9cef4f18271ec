import EventLoops
import Exchanges
import Foundation
import FuzzSupport
import Generator
import HTTP1Lane
import LibcurlLane
import Measurements
import Profiles
import Sockets

/// A lane that sends requests one after another to a peer of the fuzzer's.
public final class FuzzedLane: Sendable {
    /// Which lane it is.
    public enum Kind: Sendable { case loops, curl, http2 }

    /// What came of a request.
    struct Result: Sendable {
        let outcome: Outcome
        let body: [UInt8]
    }

    private let peer: FuzzedPeer
    private let loop: EventLoop
    private let user: LoopBound<FuzzedUser>
    private let count = Locked(0)

    /// A lane on a loop of its own; both live as long as the process.
    public init(_ kind: Kind) throws {
        peer = try FuzzedPeer(isHTTP2: kind == .http2)
        let (loop, path) = (try EventLoop(name: "fuzz"), peer.path)
        self.loop = loop
        user = try Self.wait(on: loop) {
            let lane = try Self.lane(kind, path: path, on: loop)
            return LoopBound(FuzzedUser(lane, on: loop), to: loop)
        }
        atexit { print("answers: \(FuzzedPeer.sentAnswers.withLock { $0 })") }
    }

    /// Runs one input: a byte that says into how many answers the others are cut, and whether the
    /// connection ends after the last.
    public func run(input: UnsafeRawBufferPointer) {
        guard let first = input.first else { return }
        let bytes = Array(input.dropFirst())
        let parts = 1 + Int(first >> 2) % 15
        let length = (bytes.count + parts - 1) / parts
        let answers = (0..<parts).map { Array(bytes.dropFirst($0 * length).prefix(length)) }
        run(answers, isLastAnswerFinal: first & 3 != 0)
    }

    /// Sends a request for each of the answers, and one more, which gets a right answer.
    ///
    /// - Parameter isLastAnswerFinal: whether the peer closes after the last of them.
    public func run(_ answers: [[UInt8]], isLastAnswerFinal: Bool) {
        peer.script.withLock { script in
            script.answers = answers
            script.isLastAnswerFinal = isLastAnswerFinal
        }
        for _ in answers { send() }
        // What an answer was too short for has said nothing yet.
        peer.script.withLock { $0.answers = [] }
        send()
    }

    /// A whole answer to a request that was answered rightly is that answer, and no other one's;
    /// without a word of the peer there is none.
    private func send() {
        let number = count.withLock { count in
            count += 1
            return count
        }
        peer.script.withLock { ($0.number, $0.hasAnswered) = (number, false) }
        let result = try? Self.wait(on: loop) { [user] in await user.value.send(number) }
        guard let result else { preconditionFailure("the loop has ended") }
        let script = peer.script.withLock { $0 }
        check(result.outcome != .timeout, "request \(number) hung")
        guard result.outcome == .ok else { return }
        let text = String(decoding: result.body, as: UTF8.self)
        check(script.hasAnswered, "request \(number) was answered by nobody, with \(text)")
        check(
            script.rightlyAnswered != number || text == "number \(number).",
            "request \(number) got the answer of another: \(text)")
    }

    private static func lane(
        _ kind: Kind, path: String, on loop: EventLoop
    ) throws -> any Transport {
        if kind == .loops {
            return HTTPLane(
                loop: loop, endpoint: try Endpoint(unixPath: path, authority: "127.0.0.1"),
                maximumConnections: 1)
        }
        var network = Network()
        network.http = kind == .http2 ? .two : .one
        let settings = CurlSettings(
            isSecure: false, host: "127.0.0.1", port: 80, place: .unix(path), network: network)
        return CurlLane(loop: loop, settings: settings, maximumConnections: 1)
    }

    /// Runs something on a loop while this thread waits, as libFuzzer calls from outside any task.
    private static func wait<Value: Sendable>(
        on loop: EventLoop, _ body: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let (result, end) = (
            Locked<Swift.Result<Value, any Error>?>(nil), DispatchSemaphore(value: 0)
        )
        Task(executorPreference: loop) {
            do {
                let value = try await body()
                result.withLock { $0 = .success(value) }
            } catch { result.withLock { $0 = .failure(error) } }
            end.signal()
        }
        end.wait()
        guard let result = result.withLock({ $0 }) else { preconditionFailure("no result") }
        return try result.get()
    }
}
