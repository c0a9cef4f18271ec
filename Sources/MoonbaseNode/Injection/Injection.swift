/// The faults that are due to one answer.
struct Injection: Sendable, Equatable {
    var delayNanoseconds: UInt64 = 0
    /// Another status instead of the right answer.
    var status: Int?
    var wrongBody = false
    var isReset = false
    var dripBytesPerSecond = 0
    var leakBytes = 0

    /// `nil` if nothing is due.
    var isNone: Bool { self == Injection() }

    init() {}

    /// Reads the header of the admin port: `latency=20ms; error=503; wrong-body; reset; drip=10;
    /// leak=64`.
    ///
    /// - Throws: `Refusal` 400.
    init(header text: String) throws(Refusal) {
        for part in text.split(separator: ";") {
            let words = part.split(separator: "=", maxSplits: 1).map {
                String($0.drop { $0 == " " }.prefix { $0 != " " })
            }
            let value = words.count > 1 ? words[1] : ""
            switch words.first ?? "" {
            case "latency":
                guard let time = SettingsReader.nanoseconds(value) else {
                    throw Refusal(400, "\"\(value)\" is no duration as in 20ms")
                }
                delayNanoseconds = time
            case "error":
                guard let number = Int(value), (400...599).contains(number) else {
                    throw Refusal(400, "\"\(value)\" is no status from 400 to 599")
                }
                status = number
            case "drip", "leak":
                guard let number = Int(value), (1...1_000_000).contains(number) else {
                    throw Refusal(400, "\"\(value)\" is no number from 1 to 1000000")
                }
                if words[0] == "drip" { dripBytesPerSecond = number } else { leakBytes = number }
            case "wrong-body": wrongBody = true
            case "reset": isReset = true
            default:
                throw Refusal(
                    400,
                    "\(part) is no fault; there are latency, error, wrong-body, reset, drip, leak")
            }
        }
    }
}

extension Injection {
    /// An answer with these faults.
    func applied(to answer: Answer) -> Answer {
        var changed = answer
        if let status {
            changed = Refusal(status, "injected").answer
            changed.job = answer.job
        }
        if wrongBody {
            changed.body = changed.body.map {
                $0 == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
            }
            changed.isPong = false
        }
        changed.delivery.delayNanoseconds = delayNanoseconds
        changed.delivery.isReset = isReset
        changed.delivery.dripBytesPerSecond = dripBytesPerSecond
        return changed
    }
}
