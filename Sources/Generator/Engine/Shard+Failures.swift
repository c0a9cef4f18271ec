import Collector
import Contracts
import Exchanges
import Measurements
import Requests

extension Shard {
    /// What kind of failure an exchange's is.
    func failure(_ exchange: Exchange) -> Recorder.Failure {
        let error =
            switch exchange.outcome {
            case .wrongStatus, .wrongContent, .tooSlow: failedCheck
            case .timeout:
                exchange.stamps.sent > 0
                    ? "no answer in \(FailureWords.time(timeoutNanoseconds))"
                    : "no connection in \(FailureWords.time(timeoutNanoseconds))"
            case .ok, .malformed, .refused, .reset, .unfinished, .dropped, .overBudget:
                FailureWords.short(exchange.detail)
            }
        failedCheck = ""
        return Recorder.Failure(exchange.outcome, status: exchange.status, error: error)
    }

    /// What the evidence may keep of an exchange; nothing is copied.
    func whole(_ exchange: Exchange, scenario: String) -> EndedRequest {
        EndedRequest(
            scenario: scenario, stamps: exchange.stamps, status: exchange.status,
            detail: exchange.detail, request: exchange.request, answer: exchange.body)
    }
}

/// Words for failures that are the same for all of a kind.
enum FailureWords {
    private static let maximumCharacters = 60

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
        let beginning = words.prefix(maximumCharacters)
        let isCut = beginning.endIndex < words.endIndex
        let text = beginning + (isCut ? Excerpt.cutMark : "")
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
