import Collector
import Evidence
import Profiles

extension Shard {
    /// What kind of failure an exchange's is.
    func failure(_ exchange: Exchange, _ step: CompiledStep) -> Recorder.Failure {
        let error =
            switch exchange.outcome {
            case .wrongStatus, .wrongContent, .tooSlow: failedCheck
            case .timeout:
                exchange.stamps.sent > 0
                    ? "no answer in \(FailureWords.time(timeoutNanoseconds))"
                    : "no connection in \(FailureWords.time(timeoutNanoseconds))"
            case .ok, .malformed, .refused, .reset, .unfinished, .dropped:
                FailureWords.short(exchange.detail)
            }
        failedCheck = ""
        return Recorder.Failure(exchange.outcome, status: exchange.status, error: error)
    }

    /// Keeps a failed request whole.
    func describe(
        _ failure: Recorder.Failure, _ step: CompiledStep, _ user: VirtualUser, scenario: String
    ) {
        guard recorder.wantsFailures else { return }
        let exchange = user.exchange
        let stamps = exchange.stamps
        func fromStart(_ stamp: UInt64) -> Int64 {
            Int64(bitPattern: stamp &- startNanoseconds)
        }
        var record = FailureRecord(
            phase: plan.phases[user.phase].name, scenario: scenario,
            operation: plan.operations[step.operationIndex], outcome: exchange.outcome,
            detail: plan.mask.masked(exchange.detail), dueNanoseconds: fromStart(stamps.due),
            readyNanoseconds: stamps.ready > 0 ? fromStart(stamps.ready) : nil,
            sentNanoseconds: stamps.sent > 0 ? fromStart(stamps.sent) : nil,
            doneNanoseconds: fromStart(stamps.done),
            status: exchange.status > 0 ? exchange.status : nil,
            request: plan.mask.masked(exchange.request), answer: plan.mask.masked(exchange.body))
        record.error = failure.error.isEmpty ? nil : plan.mask.masked(failure.error)
        recorder.keep(record)
    }
}

/// Words for failures that are the same for all of a kind.
enum FailureWords {
    private static let mostCharacters = 60

    /// The beginning of a sentence about a failure, up to what the target said.
    ///
    /// `connect: Connection refused` is "connection refused": the system call tells a user nothing.
    static func short(_ detail: String) -> String {
        var words = detail[...]
        if let colon = words.firstIndex(of: ":"), !words[..<colon].contains(" "),
            words[..<colon].allSatisfy(\.isLetter)
        {
            words = words[words.index(after: colon)...].drop { $0 == " " }
        }
        if let end = words.firstIndex(where: { $0 == "\"" || $0 == ":" }) { words = words[..<end] }
        while let last = words.last, last == " " || last == "," { words.removeLast() }
        let text = String(words.prefix(mostCharacters))
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// A time of a profile with its unit, as in 5 s or 20 ms.
    static func time(_ nanoseconds: UInt64) -> String {
        for (name, size) in [("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1000)]
            as [(String, UInt64)]
        where nanoseconds % size == 0 {
            return "\(nanoseconds / size) \(name)"
        }
        return "\(nanoseconds) ns"
    }
}
