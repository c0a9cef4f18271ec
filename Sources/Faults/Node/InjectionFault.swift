import Collector
import EventLoops
import JSON
import Profiles

/// The package's node misbehaves as `plan` says, or answers everything with an error.
///
/// It ends that by itself after the fault's time, so that nothing is left if loadgen ends before.
final class InjectionFault: Fault {
    static let name = "injection"
    let mechanism: String
    private let scene: FaultScene
    private let port: Int
    /// The name that the node has the plan under.
    private var name = ""
    private var before = ConnectionProbe.Answer()

    private static let answerMilliseconds = 2000
    private static let patienceMilliseconds = 2000
    private static let napNanoseconds: UInt64 = 20_000_000
    private static let flag = "--admin-port"

    static func availability() -> FaultAvailability {
        .works("the admin port of the package's node (moonbase --admin-port)")
    }

    init(_ scene: FaultScene) throws(FaultError) {
        self.scene = scene
        port = try Self.adminPort(of: scene)
        mechanism = "a plan put to the node's admin port, 127.0.0.1:\(port), for a limited time"
    }

    /// The port that the node's command line names.
    private static func adminPort(of scene: FaultScene) throws(FaultError) -> Int {
        if case .listener(let port) = scene.victim { return port }
        for id in try scene.roots() {
            let words = (ProcessReader.contents("/proc/\(id)/cmdline") ?? "").split(separator: "\0")
            let index = words.lastIndex { $0 == flag }
            if let index, index + 1 < words.count, let port = Int(words[index + 1]), port > 0 {
                return port
            }
        }
        throw FaultError(
            "the target was not started with \(flag) NUMBER",
            hint: "start the package's node with it, or give { port: NUMBER }, its admin port")
    }

    private func ask(
        _ method: String, _ path: String, body: String = "",
        milliseconds: Int = answerMilliseconds
    ) async -> ConnectionProbe.Answer {
        var probe = ConnectionProbe(loop: scene.loop, port: port)
        probe.request = Array(
            """
            \(method) \(path) HTTP/1.1\r
            Host: 127.0.0.1\r
            Content-Length: \(body.utf8.count)\r
            \r
            \(body)
            """.utf8)
        return await probe.ask(milliseconds: milliseconds)
    }

    func prepare() async throws(FaultError) {
        before = await ask("GET", "/api/v0/ping")
    }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        name = "\(scene.run)-\(journal.id)"
        let answer = await ask("PUT", "/injections/\(name)", body: plan.text)
        guard answer.status == 200 else {
            throw FaultError(
                "the node does not take the plan: "
                    + (answer.status.map { "\($0), \(answer.body)" } ?? answer.words),
                hint:
                    "docs/moonbase.md has what a plan may say; --admin-port makes the node take one"
            )
        }
    }

    /// The node's own form of a plan, with the fault's end in it.
    private var plan: JSONValue {
        let milliseconds = (scene.length.nanoseconds + 999_999) / 1_000_000
        let end = JSONValue.Member("for", .string("\(milliseconds)ms"))
        let kinds = scene.settings.plan?.object ?? [.init("errors", .object([]))]
        let faults = kinds.map { kind in
            JSONValue.object([.init(kind.name, .object((kind.value.object ?? []) + [end]))])
        }
        return .object([.init("faults", .array(faults))])
    }

    /// How often the node says that it misbehaved so; `nil` if it does not know of it.
    private func counted(in metrics: ConnectionProbe.Answer) -> Int? {
        let lines = metrics.body.split(separator: "\n").filter {
            $0.hasPrefix("moonbase_injected_total{") && $0.contains("name=\"\(name)\"")
        }
        let counts = lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        return counts.isEmpty ? nil : counts.reduce(0, +)
    }

    func probeEffect() async -> Proof {
        let patience = scene.patience(milliseconds: Self.patienceMilliseconds)
        let end = scene.loop.nowNanoseconds + UInt64(patience) * 1_000_000
        repeat {
            let answer = await ask("GET", "/api/v0/ping", milliseconds: patience)
            if before.end == .whole, !answer.says(thatOf: before) {
                return .proven(
                    "a ping gets \(answer.status.map { "\($0), " } ?? "")\(answer.words)")
            }
            let metrics = await ask("GET", "/metrics")
            if let count = counted(in: metrics), count > 0 {
                return .proven("the node counts \(count) of what it did wrong")
            }
            await scene.loop.sleep(until: scene.loop.nowNanoseconds + Self.napNanoseconds)
        } while scene.loop.nowNanoseconds < end
        return .unknown("no request has met it yet")
    }

    func release() async { _ = await ask("DELETE", "/injections/\(name)") }

    func probeUndo() async -> Proof {
        let metrics = await ask("GET", "/metrics")
        guard metrics.status == 200 else {
            // A node that was ended meanwhile has no plan any more.
            return .unknown("to ask for its metrics gives \(metrics.words)")
        }
        if counted(in: metrics) != nil { return .refuted("the node still has the plan") }
        let answer = await ask("GET", "/api/v0/ping")
        let words = "the node has no plan of this run's, and a ping gets \(answer.words)"
        return answer.says(thatOf: before) ? .proven(words) : .unknown(words)
    }
}

extension ConnectionProbe.Answer {
    /// The status of an answer of HTTP; `nil` if it is none.
    fileprivate var status: Int? {
        guard isHTTP, end == .whole else { return nil }
        return Int(String(decoding: bytes.dropFirst(9).prefix(3), as: UTF8.self))
    }

    /// What comes after the head.
    fileprivate var body: String {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
    }

    /// Whether it says the same as another one, whatever its other fields are.
    fileprivate func says(thatOf other: Self) -> Bool {
        end == other.end && status == other.status && body == other.body
    }
}
