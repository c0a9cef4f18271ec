import EventLoops

/// A fault of the connections through a proxy of loadgen's.
///
/// A kind says what the proxy does and what a client then must see; the rest is here. It ends with
/// this process, so that the guard has nothing to undo.
protocol ProxyFault: Fault {
    /// The proxy, and what a client saw before.
    var stage: ProxyStage { get }
    /// What the proxy does while the fault is held.
    var conduct: ProxyConduct { get }
    /// How long a client waits for an answer, in milliseconds.
    var patienceMilliseconds: Int { get }
    /// Whether this is what a client must see.
    func judge(_ answer: ConnectionProbe.Answer) -> Proof
}

/// Where a fault of a proxy is made.
final class ProxyStage {
    let scene: FaultScene
    let proxy: FaultProxy
    /// What a client saw before the fault.
    var before = ConnectionProbe.Answer()
    /// What the proxy had done before.
    var counted = ProxyCounters()
    var problem: SystemCallError?

    /// How long an answer may take without a fault, in milliseconds.
    static let answerMilliseconds = 2000

    init(_ scene: FaultScene) throws(FaultError) {
        guard case .proxy(let proxy) = scene.victim else {
            throw FaultError(
                "this fault strikes connections through a proxy", hint: "give target: proxy")
        }
        self.scene = scene
        self.proxy = proxy
    }

    var probe: ConnectionProbe { ConnectionProbe(loop: scene.loop, port: proxy.port) }

    func behave(_ conduct: ProxyConduct) {
        do throws(SystemCallError) { try proxy.behave(conduct) } catch { problem = error }
    }
}

extension ProxyFault {
    var mechanism: String {
        "the proxy at 127.0.0.1:\(stage.proxy.port), which every user may have"
    }

    var patienceMilliseconds: Int { 500 }

    static func availability() -> FaultAvailability { .works("a proxy of loadgen's own") }

    func prepare() async throws(FaultError) {
        stage.before = await stage.probe.ask(milliseconds: ProxyStage.answerMilliseconds)
        stage.counted = stage.proxy.counters
    }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        stage.behave(conduct)
    }

    func probeEffect() async -> Proof {
        if let problem = stage.problem { return .refuted("\(problem)") }
        guard stage.before.end == .whole else {
            return .unknown("before the fault, too, a client saw \(stage.before.words)")
        }
        let patience = stage.scene.patience(milliseconds: patienceMilliseconds)
        return judge(await stage.probe.ask(milliseconds: patience))
    }

    func release() async { stage.behave(ProxyConduct()) }

    func probeUndo() async -> Proof {
        if let problem = stage.problem { return .refuted("\(problem)") }
        let answer = await stage.probe.ask(milliseconds: ProxyStage.answerMilliseconds)
        if answer.end == .whole, answer.isHTTP { return .proven("a client sees \(answer.words)") }
        // A target that does not answer any more is no fault of the proxy's.
        return .unknown("a client sees \(answer.words)")
    }

    /// A proof of what a client must see, with what it saw.
    func proof(_ isStruck: Bool, _ answer: ConnectionProbe.Answer) -> Proof {
        isStruck
            ? .proven("a client sees \(answer.words)") : .refuted("a client sees \(answer.words)")
    }
}
