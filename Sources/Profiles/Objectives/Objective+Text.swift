import Statistics

extension Objective: CustomStringConvertible {
    /// The objective as people write it; `init(parsing:)` reads it back.
    public var description: String {
        var text = claim.description
        if let operation { text += " on \(ObjectiveWords.quoted(operation))" }
        if let phase { text += " in \(ObjectiveWords.quoted(phase))" }
        if let window { text += " within any \(Quantities.text(window))" }
        if let confidence { text += " at \(Self.percent(confidence))" }
        return aborts ? text + " abort" : text
    }

    /// A share in per cent, in whole billionths of one, so that 0.001 % is not
    /// 0.0010000000000000002 %.
    fileprivate static func percent(_ share: Double) -> String {
        "\(decimal(Int(clamping: (share * 1e11).rounded()), scale: 1_000_000_000))%"
    }

    /// `number / scale` with no more digits than it needs; `scale` is a power of ten.
    fileprivate static func decimal(_ number: Int, scale: Int) -> String {
        let (whole, rest) = number.quotientAndRemainder(dividingBy: scale)
        if rest == 0 { return "\(whole)" }
        var digits = String(String(rest + scale).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}

extension Objective.Claim: CustomStringConvertible {
    /// The claim as people write it.
    public var description: String {
        func time(_ nanoseconds: UInt64) -> String {
            Quantities.text(.nanoseconds(Int64(clamping: nanoseconds)))
        }
        func rate(_ perSecond: Double) -> String { Quantities.text(Rate(perSecond: perSecond)) }
        return switch self {
        case .latencyQuantile(let partsPerMillion, let threshold):
            "p(\(Objective.decimal(partsPerMillion, scale: 10_000))) < \(time(threshold))"
        case .errorRate(let ratio): "error rate < \(Objective.percent(ratio))"
        case .success(let ratio): "success >= \(Objective.percent(ratio))"
        case .throughput(let perSecond): "throughput >= \(rate(perSecond))"
        case .goodput(let perSecond, let threshold):
            "goodput(\(time(threshold))) >= \(rate(perSecond))"
        case .leak(let growth): "leak < \(growth)"
        case .recovery(let limit): "recovery < \(time(limit))"
        }
    }
}

extension Objective.Growth: CustomStringConvertible {
    /// Units of memory, the largest first.
    static let units: [(name: String, bytes: Double)] = [
        ("GiB", 1_073_741_824), ("GB", 1e9), ("MiB", 1_048_576), ("MB", 1e6), ("KiB", 1024),
        ("kB", 1000), ("B", 1),
    ]

    /// The growth as people write it, in the largest unit that it is a whole number of.
    public var description: String {
        switch self {
        case .bytesPerRequest(let bytes): "\(Self.text(bytes))/request"
        case .bytesPerHour(let bytes): "\(Self.text(bytes))/h"
        }
    }

    private static func text(_ bytes: Double) -> String {
        for (name, size) in units {
            let number = bytes / size
            if number >= 1, number == number.rounded(), number < 1e15 {
                return "\(Int(number)) \(name)"
            }
        }
        return "\(bytes) B"
    }
}
