import Quantities
import Statistics
import Suggestions

/// `leak < 16 B/request`, `leak < 1 MiB/h`: live memory of the target grows by less than a limit.
public struct LeakClaim: Claim {
    /// The limit.
    public var growth: Objective.Growth

    /// It is about all of a run.
    public func contradiction(in objective: Objective) -> String? {
        if objective.operation != nil {
            return "memory belongs to the whole target; remove `on ...`"
        }
        if objective.phase != nil { return "growth is a matter of the whole run; remove `in ...`" }
        if objective.window != nil {
            return "growth is a matter of the whole run; remove `within ...`"
        }
        return objective.aborts
            ? "growth is known at the end of a run; remove `abort`" : nil
    }
}

extension LeakClaim: WrittenClaim {
    static let name = "leak"
    static let example = "leak < 16 B/request or leak < 1 MiB/h"
    static let comparison = "<"
    static let boundForm = "a growth above 0, as in 16 B/request or 1 MiB/h"

    /// The claim as people write it.
    public var description: String { "leak < \(growth)" }

    static func read(argument: String, bound: String) -> Self? {
        growth(bound).map { Self(growth: $0) }
    }

    static func refusal(of name: String) -> String? {
        name.lowercased() == "memory" ? "did you mean leak < 16 B/request?" : nil
    }

    static func hint(about bound: String) -> String? {
        let parts = bound.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return "it is a growth for each request or an hour" }
        if growth("1B/\(parts[1])") == nil {
            let near = Suggestion.closest(to: parts[1], among: ["request", "hour", "h"])
            return "it is /request or /h"
                + (near.map { "; did you mean /\($0 == "hour" ? "h" : $0)?" } ?? "")
        }
        let number = parts[0].filter { !$0.isLetter }
        if Quantity.number(number.replacing(" ", with: "")) == 0 {
            return "no run can prove that nothing grows at all"
        }
        return "units are B, kB, KiB, MB, MiB, GB, GiB, TB and TiB"
    }

    private static func growth(_ text: String) -> Objective.Growth? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2,
            let bytes = Quantity.fractionalBytes(parts[0]), bytes > 0, bytes < Quantity.maximumBytes
        else { return nil }
        return parts[1] == "request"
            ? .bytesPerRequest(bytes) : parts[1] == "h" ? .bytesPerHour(bytes) : nil
    }
}

extension Objective {
    /// How fast live memory may grow, above 0.
    public enum Growth: Sendable, Equatable {
        /// Bytes for each request that was completed.
        case bytesPerRequest(Double)
        /// Bytes an hour.
        case bytesPerHour(Double)
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
