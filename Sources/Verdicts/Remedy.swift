import Statistics

/// What would decide a claim about a share that is not decided.
struct Remedy {
    let test: ShareTest
    let limit: Double
    let confidence: Double
    /// The judged time so far.
    let seconds: Double
    /// What is counted, in the plural.
    let noun: String
    /// One that counts against the claim.
    let one: String

    /// No run is made so many times as long.
    private static let mostTimes = 1_048_576.0

    /// How much more, in requests and in minutes.
    var needed: RunVerdict.OfObjective.Needed {
        let seen = test.seen
        let share = Double(seen.count) / Double(max(1, seen.total))
        if !test.isLongEnough {
            let more = seen.total * (test.isBlind ? 9 : 1)
            return needed(
                more,
                "The run is too short for its own correlation; \(amount(more, isMore: true)), "
                    + (test.isBlind ? "ten times as long" : "twice as long") + ", may decide.")
        }
        return share >= limit ? toFail(share) : toPass(share)
    }

    /// How many requests of the sample an effective one stands for, at least 1.
    private var weight: Double {
        let total = test.effective(confidence: confidence).total
        return total > 0 ? max(1, Double(test.seen.total) / total) : 1
    }

    private func toPass(_ share: Double) -> RunVerdict.OfObjective.Needed {
        let seen = test.seen
        let about = weight > 1 ? "about " : ""
        let errors = Int((Double(seen.count) / weight).rounded(.up))
        let required = SampleSize.required(limit: limit, errors: errors, confidence: confidence)
        let more = max(1, Int((Double(required) * weight).rounded(.up)) - seen.total)
        var text = "\(about)\(amount(more, isMore: true)) without one \(one) would pass"
        // At no error so far the default belief is a fifth of what is allowed.
        let believed = seen.count == 0 ? limit / 5 : share
        if weight == 1,
            let plan = SampleSize.plan(limit: limit, believed: believed, confidence: confidence)
        {
            text += "; plan \(Figure.whole(plan.trials)) in all (<= \(Figure.whole(plan.errors)), "
            text += "80 % power at \(Figure.percent(believed)))"
        }
        return needed(more, text + ".")
    }

    /// The share is above its limit: it cannot pass, and so many more would prove it.
    private func toFail(_ share: Double) -> RunVerdict.OfObjective.Needed {
        let (count, total) = test.effective(confidence: confidence)
        func fails(_ times: Double) -> Bool {
            guard count > 0, total >= count,
                let lower = IncompleteBeta.inverse(
                    count * times, (total - count) * times + 1, of: 1 - confidence)
            else { return false }
            return lower > limit
        }
        let start = "It cannot pass unless that share falls; "
        guard share > limit, fails(Self.mostTimes) else {
            return needed(nil, start + "more \(noun) will show.")
        }
        var (low, high) = (1.0, Self.mostTimes)
        for _ in 0..<60 {
            let middle = (low * high).squareRoot()
            if fails(middle) { high = middle } else { low = middle }
        }
        let more = max(1, Int((Double(test.seen.total) * (high - 1)).rounded(.up)))
        return needed(
            more, start + "if it stays, about \(amount(more, isMore: true)) would show a FAIL.")
    }

    // MARK: Words

    private var perMinute: Double { seconds > 0 ? Double(test.seen.total) / seconds * 60 : 0 }

    private func amount(_ count: Int, isMore: Bool = false) -> String {
        let word = count == 1 && noun == "requests" ? "request" : noun
        let time =
            perMinute > 0
            ? " (\(Figure.significant(Double(count) / perMinute)) min at this rate)" : ""
        return "\(Figure.whole(count)) \(isMore ? "more " : "")\(word)\(time)"
    }

    private func needed(_ count: Int?, _ sentence: String) -> RunVerdict.OfObjective.Needed {
        RunVerdict.OfObjective.Needed(
            moreRequests: count,
            moreMinutes: count.flatMap { perMinute > 0 ? Double($0) / perMinute : nil },
            sentence: sentence)
    }
}
