import Quantities
import Statistics

/// How a claim is written, and how it is read.
protocol WrittenClaim: Claim {
    /// The word for what is measured.
    static var name: String { get }
    /// How it is written.
    static var example: String { get }
    /// The comparison that it is made with.
    static var comparison: String { get }
    /// What it is compared with, in words.
    static var boundForm: String { get }

    /// Whether it is meant by what stands before its parentheses, or its comparison.
    static func isNamed(_ name: String) -> Bool

    /// What is wrong with the text in its parentheses; `nil` if that is right.
    ///
    /// - Parameter argument: `nil` if there are no parentheses.
    static func problem(ofArgument argument: String?) -> String?

    /// The same of a claim that has several names, of which it was written with one.
    static func problem(ofArgument argument: String?, named name: String) -> String?

    /// The claim, by what stands in its parentheses and after its comparison, both without spaces;
    /// `nil` if it has no such bound.
    static func read(argument: String, bound: String) -> Self?

    /// What is wrong with a bound that it does not have, in a whole sentence; `nil` if the usual
    /// words say it.
    static func reason(argument: String, bound: String) -> String?

    /// More about a bound that it does not have; `nil` if there is nothing to say.
    static func hint(about bound: String) -> String?

    /// What to say to a name by which people ask for it, and which is none; `nil` of other names.
    static func refusal(of name: String) -> String?
}

/// Every kind of claim.
enum Claims {
    /// In the order that messages have.
    static let all: [any WrittenClaim.Type] = [
        QuantileClaim.self, ErrorRateClaim.self, SuccessClaim.self, ThroughputClaim.self,
        GoodputClaim.self, LeakClaim.self, RecoveryClaim.self, DetectionClaim.self,
        LostWritesClaim.self, WrongDataClaim.self,
    ]
}

extension WrittenClaim {
    static func isNamed(_ name: String) -> Bool { name == self.name }

    static func problem(ofArgument argument: String?) -> String? {
        argument.map { "\(name) takes no (\($0)), as in \(example)" }
    }

    static func problem(ofArgument argument: String?, named name: String) -> String? {
        problem(ofArgument: argument)
    }

    static func reason(argument: String, bound: String) -> String? { nil }

    static func hint(about bound: String) -> String? { nil }

    static func refusal(of name: String) -> String? { nil }
}

// MARK: What several claims share

extension WrittenClaim {
    static var shareForm: String { "a share above 0 and below 1, as in 0.001%, 10 ppm or 0.00001" }

    static var rateForm: String { "\(Quantity.rateForm), above 0" }

    static func rate(_ text: String) -> Double? {
        Quantity.rate(text).map(\.perSecond).flatMap { $0 > 0 ? $0 : nil }
    }

    static func text(nanoseconds: UInt64) -> String {
        Quantity.text(.nanoseconds(Int64(clamping: nanoseconds)))
    }

    static func text(perSecond: Double) -> String { Quantity.text(Rate(perSecond: perSecond)) }

    /// Of a claim about a share of requests.
    static func contradiction(ofShare objective: Objective) -> String? {
        objective.aborts && objective.window != nil
            ? "abort looks at each phase as a whole; remove either `within ...` or `abort`" : nil
    }

    /// Of a claim about a rate.
    static func contradiction(ofRate objective: Objective) -> String? {
        objective.aborts
            ? "no test of a rate holds at every look, so abort would stop good runs; an error "
                + "rate or a quantile may have it" : nil
    }

    /// Of a claim about checked requests.
    static func contradiction(ofCheck objective: Objective) -> String? {
        let clause: String? =
            if objective.operation != nil { "on ..." } else if objective.phase != nil {
                "in ..."
            } else if objective.window != nil { "within ..." } else if objective.confidence != nil {
                "at ..."
            } else if objective.aborts { "abort" } else { nil }
        return clause.map {
            "all that the checked scenarios did is judged as a whole and counted; remove `\($0)`"
        }
    }
}
