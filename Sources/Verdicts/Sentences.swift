import Statistics

/// What is said of an error rate; statistics.md section 11.
struct ErrorRateSentence {
    let seen: Proportion
    let limit: Double
    let confidence: Double

    var text: String {
        let claim = Figure.given(limit)
        let errors = seen.count == 1 ? "error" : "errors"
        let counted =
            "\(Figure.whole(seen.count)) \(errors) in \(Figure.whole(seen.total)) requests"
        let sure = Figure.given(confidence)
        let upper = Figure.percent(seen.upperBound(confidence: confidence) ?? 1, apartFrom: limit)
        let lower = Figure.percent(seen.lowerBound(confidence: confidence) ?? 0, apartFrom: limit)
        switch seen.verdict(limit: limit, confidence: confidence) {
        case .pass:
            return "PASS (\(sure)): error rate <= \(upper) < \(claim): \(counted); exact binomial, "
                + "independent errors\(bursts)."
        case .fail:
            return
                "FAIL (\(sure)): error rate >= \(lower), allowed \(claim): \(counted); exact "
                + "binomial, "
                + "independent errors."
        case .inconclusive:
            return "INCONCLUSIVE: \(counted); upper bound \(upper), allowed \(claim). \(remedy)"
        case .invalid: return "INVALID: nothing was measured."
        }
    }

    /// How long a burst of errors may be that this run had a fair chance to see.
    private var bursts: String {
        guard seen.count == 0 else { return "" }
        let size = Int(Double(seen.total) * limit / 2.9957)
        return size > 0 ? "; holds for bursts up to \(Figure.whole(size)) errors" : ""
    }

    private var remedy: String {
        Remedy(seen: seen, limit: limit, confidence: confidence, what: "error").text
    }
}

/// What is said of a latency quantile.
struct LatencySentence {
    let seen: Proportion
    let limit: Double
    let threshold: UInt64
    let failures: Int
    let verdict: Proportion.Verdict
    let confidence: Double

    var text: String {
        let share =
            "\(Figure.whole(seen.count)) of \(Figure.whole(seen.total)) requests took >= "
            + Figure.time(threshold)
            + (failures > 0 ? " or failed (\(Figure.whole(failures)))" : "")
        let allowed = Figure.given(limit)
        let sure = Figure.given(confidence)
        let upper = Figure.percent(seen.upperBound(confidence: confidence) ?? 1, apartFrom: limit)
        let lower = Figure.percent(seen.lowerBound(confidence: confidence) ?? 0, apartFrom: limit)
        return switch verdict {
        case .pass:
            "PASS (\(sure)): \(share): at most \(upper), allowed \(allowed); exact binomial, "
                + "independent requests."
        case .fail:
            "FAIL (\(sure)): \(share): at least \(lower), allowed \(allowed); exact binomial, "
                + "independent requests."
        case .inconclusive:
            "INCONCLUSIVE: \(share): \(lower) to \(upper), allowed \(allowed). \(remedy)"
        case .invalid: "INVALID: nothing was measured."
        }
    }

    private var remedy: String {
        Remedy(seen: seen, limit: limit, confidence: confidence, what: "slow or failed request")
            .text
    }
}

/// What would decide a claim that is not decided.
struct Remedy {
    let seen: Proportion
    let limit: Double
    let confidence: Double
    let what: String

    var text: String {
        let share = Double(seen.count) / Double(seen.total)
        if share >= limit {
            return "It cannot pass unless that share falls; more requests will show."
        }
        let more = SampleSize.more(after: seen, limit: limit, confidence: confidence)
        var text = "\(Figure.whole(more)) more requests without one \(what) would pass"
        // At no error so far the default belief is a fifth of what is allowed.
        let believed = seen.count == 0 ? limit / 5 : share
        if let plan = SampleSize.plan(limit: limit, believed: believed, confidence: confidence) {
            text += "; plan \(Figure.whole(plan.trials)) in all (<= \(Figure.whole(plan.errors)), "
            text += "80 % power at \(Figure.percent(believed)))"
        }
        return text + "."
    }
}
