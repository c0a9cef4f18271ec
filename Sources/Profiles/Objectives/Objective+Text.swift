import Quantities

extension Objective: CustomStringConvertible {
    /// The objective as people write it; `init(parsing:)` reads it back.
    public var description: String {
        var text = claim.description
        if let operation { text += " on \(ObjectiveWords.quoted(operation))" }
        if let phase { text += " in \(ObjectiveWords.quoted(phase))" }
        if let window { text += " within any \(Quantity.text(window))" }
        if let confidence { text += " at \(Quantity.text(share: confidence))" }
        return aborts ? text + " abort" : text
    }
}

extension Objective.Claim: CustomStringConvertible {
    /// The claim as people write it.
    public var description: String {
        func time(_ nanoseconds: UInt64) -> String {
            Quantity.text(.nanoseconds(Int64(clamping: nanoseconds)))
        }
        func rate(_ perSecond: Double) -> String { Quantity.text(Rate(perSecond: perSecond)) }
        return switch self {
        case .latencyQuantile(let partsPerMillion, let threshold):
            "p(\(Quantity.decimal(partsPerMillion, scale: 10_000))) < \(time(threshold))"
        case .errorRate(let ratio): "error rate < \(Quantity.text(share: ratio))"
        case .success(let ratio): "success >= \(Quantity.text(share: ratio))"
        case .throughput(let perSecond): "throughput >= \(rate(perSecond))"
        case .goodput(let perSecond, let threshold):
            "goodput(\(time(threshold))) >= \(rate(perSecond))"
        case .leak(let growth): "leak < \(growth)"
        case .recovery(let limit): "recovery < \(time(limit))"
        }
    }
}

extension Objective.Growth: CustomStringConvertible {
    /// The growth as people write it, in the largest unit that it is a whole number of.
    public var description: String {
        switch self {
        case .bytesPerRequest(let bytes): "\(Self.text(bytes))/request"
        case .bytesPerHour(let bytes): "\(Self.text(bytes))/h"
        }
    }

    private static func text(_ bytes: Double) -> String {
        for (name, size) in Quantity.sizes {
            let number = bytes / size
            if number >= 1, number == number.rounded(), number < 1e15 {
                return "\(Int(number)) \(name)"
            }
        }
        return "\(bytes) B"
    }
}
