import Quantities

/// How a claim about trials is written: `recovery < 30s`, `recovery p(95) < 2s over 59 trials`.
protocol WrittenTrialClaim: WrittenClaim, TrialClaim {
    /// How it is written of a share of faults.
    static var shareExample: String { get }

    init(limitNanoseconds: UInt64, share: TrialShare?)
}

extension WrittenTrialClaim {
    static var comparison: String { "<" }
    static var boundForm: String { Quantity.durationForm }

    var text: String {
        let limit = Self.text(nanoseconds: limitNanoseconds)
        guard let share else { return "\(Self.name) < \(limit)" }
        let quantile = Quantity.decimal(share.partsPerMillion, scale: 10_000)
        return "\(Self.name) p(\(quantile)) < \(limit) over \(share.trials) trials"
    }

    static func isNamed(_ name: String) -> Bool { [self.name, "\(self.name) p"].contains(name) }

    static func problem(ofArgument argument: String?, named name: String) -> String? {
        if name == self.name {
            return argument.map { "\(name) takes no (\($0)), as in \(example) or \(shareExample)" }
        }
        return argument.flatMap(QuantileClaim.partsPerMillion) == nil
            ? "\(name) wants a percentage from 0.0001 to 99.9999 in parentheses, as in "
                + shareExample : nil
    }

    static func read(argument: String, bound: String) -> Self? {
        let (time, words) = parts(bound)
        guard let limit = Quantity.duration(time)?.nanoseconds else { return nil }
        if argument.isEmpty {
            return words == nil ? Self(limitNanoseconds: limit, share: nil) : nil
        }
        guard let quantile = QuantileClaim.partsPerMillion(argument),
            let trials = words.flatMap(trials)
        else { return nil }
        return Self(
            limitNanoseconds: limit, share: TrialShare(partsPerMillion: quantile, trials: trials))
    }

    static func reason(argument: String, bound: String) -> String? {
        let (time, words) = parts(bound)
        guard Quantity.duration(time) != nil else { return nil }
        if argument.isEmpty {
            return words.map { _ in "a number of trials needs a quantile, as in \(shareExample)" }
        }
        guard let words else {
            return "a quantile needs the number of its trials, as in \(shareExample)"
        }
        return trials(words) == nil
            ? "\"\(words)\" is not a number of trials from 1 to \(TrialShare.maximumTrials), "
                + "as in \(shareExample)" : nil
    }

    /// The limit, and what follows `over`.
    private static func parts(_ bound: String) -> (time: String, trials: String?) {
        guard let over = bound.firstRange(of: "over") else { return (bound, nil) }
        return (String(bound[..<over.lowerBound]), String(bound[over.upperBound...]))
    }

    private static func trials(_ words: String) -> Int? {
        let digits = words.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), (1...TrialShare.maximumTrials).contains(count),
            ["trials", "trial"].contains(words.dropFirst(digits.count))
        else { return nil }
        return count
    }
}
