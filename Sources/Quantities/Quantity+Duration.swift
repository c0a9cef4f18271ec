extension Quantity {
    /// What a duration looks like, for messages.
    public static let durationForm = "a duration as in 500us, 10ms, 5s, 2m, 1h or 1m30s"
    /// A year in nanoseconds; nothing that anybody runs is longer, and 64 bits hold it.
    public static let maximumNanoseconds = 365.0 * 24 * 3600e9

    private static let times: [(name: String, nanoseconds: Double)] = [
        ("h", 3600e9), ("m", 60e9), ("s", 1e9), ("ms", 1e6), ("us", 1e3), ("µs", 1e3), ("ns", 1),
    ]

    /// Nanoseconds, 0 or above, with their fraction: the sum of numbers with units, as in `1m30s`.
    public static func nanoseconds(_ text: String) -> Double? {
        var total = 0.0
        var rest = text.filter { $0 != " " }[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { !$0.isLetter || $0 == "e" || $0 == "E" }
            let name = rest[digits.endIndex...].prefix(while: \.isLetter)
            guard let number = Self.number(digits),
                let unit = times.first(where: { $0.name == name })
            else { return nil }
            total += number * unit.nanoseconds
            rest = rest[name.endIndex...]
        }
        return total
    }

    /// A duration from 1 ns to a year.
    public static func duration(_ text: String) -> Duration? {
        guard let total = nanoseconds(text), total >= 1, total <= maximumNanoseconds else {
            return nil
        }
        return .nanoseconds(Int64(total.rounded()))
    }

    /// A duration from 0 to a year, in the largest unit that it is a whole number of.
    public static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        for (name, size) in times where nanoseconds % Int64(size) == 0 {
            return "\(nanoseconds / Int64(size))\(name)"
        }
        return "\(nanoseconds)ns"
    }
}
