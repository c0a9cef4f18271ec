/// The texts of durations, rates, shares and objectives, to and from values.
enum Quantities {
    static let durationForm = "a duration as in 500us, 10ms, 5s, 2m, 1h or 1m30s"
    static let rateForm = "a rate as in 200/s, 12000/m or 5/h"
    static let sizeForm = "a size as in 512MiB or 2GB"

    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]
    /// A year; nothing that anybody runs is longer, and 64 bits of nanoseconds hold it.
    private static let maximumNanoseconds = 365.0 * 24 * 3600e9

    /// Above zero and at most a year.
    static func duration(_ text: String) -> Duration? {
        var total = 0.0
        var rest = text.replacing(" ", with: "")[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let name = rest[digits.endIndex...].prefix { !$0.isNumber }
            guard let number = Double(digits),
                let unit = units.first(where: { $0.name == name })
            else { return nil }
            total += number * unit.nanoseconds
            rest = rest[name.endIndex...]
        }
        guard total >= 1, total <= maximumNanoseconds else { return nil }
        return .nanoseconds(Int64(total.rounded()))
    }

    static func rate(_ text: String) -> Rate? {
        let parts = text.replacing(" ", with: "").split(separator: "/")
        guard parts.count == 2, let number = plainNumber(parts[0]),
            let unit = ["s": 1.0, "m": 60, "h": 3600][String(parts[1])]
        else { return nil }
        let perSecond = number / unit
        return perSecond <= 10_000_000 ? Rate(perSecond: perSecond) : nil
    }

    /// A size in whole bytes, above zero and at most a quadrillion.
    static func bytes(_ text: String) -> Int? {
        let text = text.replacing(" ", with: "")
        // The last unit is B, which ends all of them.
        let units = [("TiB", Double(1 << 40)), ("TB", 1e12)] + Objective.Growth.units
        guard let (name, size) = units.first(where: { text.hasSuffix($0.0) }),
            let number = plainNumber(text.dropLast(name.count))
        else { return nil }
        let bytes = (number * size).rounded()
        return bytes >= 1 && bytes <= 1e15 ? Int(bytes) : nil
    }

    static func text(bytes: Int) -> String {
        for (name, size) in [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1024)]
        where bytes % size == 0 {
            return "\(bytes / size)\(name)"
        }
        return "\(bytes)B"
    }

    /// A share: per cent, parts per million, or a plain number; 0 or above.
    static func share(_ text: String) -> Double? {
        let text = text.replacing(" ", with: "")
        if text.hasSuffix("%") { return plainNumber(text.dropLast()).map { $0 * 1e-2 } }
        if text.hasSuffix("ppm") { return plainNumber(text.dropLast(3)).map { $0 * 1e-6 } }
        return plainNumber(text)
    }

    /// A share above 0 and below 1, in whole billionths of a per cent, as it is written again.
    static func properShare(_ text: String) -> Double? {
        guard let billionths = share(text).map({ ($0 * 1e11).rounded() }), billionths >= 1,
            billionths < 1e11
        else { return nil }
        return billionths / 1e11
    }

    /// Digits with a point and perhaps separators, 0 or above.
    static func plainNumber(_ text: some StringProtocol) -> Double? {
        let digits = text.filter { $0 != "_" && $0 != "," }
        guard let first = digits.first, first.isASCII, first.isNumber,
            let number = Double(String(digits)),
            number.isFinite, digits.allSatisfy({ $0.isNumber || ".eE+-".contains($0) })
        else { return nil }
        return number
    }

    static func text(_ duration: Duration) -> String {
        let nanoseconds = duration.nanoseconds
        for (name, size) in [
            ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
            ("ms", 1_000_000), ("us", 1000),
        ] as [(String, UInt64)] where nanoseconds % size == 0 {
            return "\(nanoseconds / size)\(name)"
        }
        return "\(nanoseconds)ns"
    }

    static func text(_ rate: Rate) -> String {
        let number = rate.perSecond
        return number == number.rounded() && number < 1e15 ? "\(Int(number))/s" : "\(number)/s"
    }
}
