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
                guard let time = Quantity.nanoseconds(value) else {
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

/// Numbers with a unit, as plans and settings write them.
enum Quantity {
    private static let times: [(String, Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]
    private static let sizes: [(String, Double)] = [
        ("B", 1), ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824),
    ]

    /// From 0 to a day: `500us`, `20ms`, `5s`.
    static func nanoseconds(_ text: String) -> UInt64? {
        guard let number = value(text, times), number <= 86_400e9 else { return nil }
        return UInt64(number.rounded())
    }

    /// From 0 to a TiB: `64 B`, `512MiB`.
    static func bytes(_ text: String) -> Int? {
        guard let number = value(text, sizes), number <= 1_099_511_627_776 else { return nil }
        return Int(number)
    }

    /// From 0 to 1: `0.1%`, `0.5`.
    static func share(_ text: String) -> Double? {
        let isPercent = text.hasSuffix("%")
        let digits = isPercent ? text.dropLast() : text[...]
        guard let number = plain(digits) else { return nil }
        let share = isPercent ? number / 100 : number
        return share <= 1 ? share : nil
    }

    private static func value(_ text: String, _ units: [(String, Double)]) -> Double? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text[digits.endIndex...].filter { $0 != " " }
        guard let number = plain(digits), let size = units.first(where: { $0.0 == unit })?.1 else {
            return nil
        }
        return number * size
    }

    private static func plain(_ text: Substring) -> Double? {
        guard let first = text.first, first.isASCII, first.isNumber,
            text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") })
        else { return nil }
        return Double(text.filter { $0 != " " })
    }
}
