import Statistics

/// What would decide a claim about a share that is not decided.
struct Remedy {
    private let share: ShareJudge
    private let isLatency: Bool

    /// A new run that is named passes in at least four of five cases: so sure is each half of it.
    private static let surety = 0.9

    init(_ share: ShareJudge, isLatency: Bool) {
        self.share = share
        self.isLatency = isLatency
    }

    private var test: ShareTest { share.test }
    private var seconds: Double { share.sample.length }
    private var perSecond: Double { seconds > 0 ? Double(test.seen.total) / seconds : 0 }

    /// How much more, in requests and in minutes, as a new run.
    var needed: RunVerdict.OfObjective.Needed {
        if test.isBlind { return longer(10, "Run for ten seconds at least.") }
        if !test.isLongEnough {
            if let dependence = test.dependence, dependence.isSeen {
                let times = Dependence.minimumStretches / max(0.01, dependence.stretches)
                let wanted = (seconds * max(2, times)).rounded(.up)
                return longer(
                    wanted, "A new run of some \(ShareSentence.time(wanted)) can say it.")
            }
            return longer(
                2 * seconds, "Run twice as long, \(ShareSentence.time(2 * seconds)).")
        }
        if !share.spells.areCovered, let declared = share.spells.declaredSeconds {
            let most = PoissonDistribution.upperBound(
                count: share.spells.count, confidence: share.confidence)
            let wanted = (declared * most / share.limit).rounded(.up)
            return longer(
                wanted, "A run of \(ShareSentence.time(wanted)) without another can speak for them."
            )
        }
        return share.facts.isKept
            ? toPass
            : .init(
                moreRequests: nil, moreMinutes: nil,
                sentence: "A longer run tells chance from a fault.")
    }

    private var toPass: RunVerdict.OfObjective.Needed {
        let least = SampleSize.required(
            limit: share.limit, errors: 0, confidence: share.confidence)
        if test.seen.total < least {
            return run(
                least,
                "Even if none \(isLatency ? "is slow or fails" : "fails"), "
                    + "\(amount(least)) are needed.")
        }
        // Not what was seen but the worst that it may stand for, and that only if requests go
        // their own ways.
        guard test.designEffect == 1,
            let believed = test.seen.upperBound(confidence: Self.surety), believed < share.limit,
            let plan = SampleSize.plan(
                limit: share.limit, believed: believed, confidence: share.confidence,
                power: Self.surety)
        else {
            return .init(
                moreRequests: nil, moreMinutes: nil,
                sentence: test.designEffect > 1
                    ? "A longer run may decide it; how long cannot be said, since requests hang "
                        + "together."
                    : "It is too near the limit to say how long a run would decide it.")
        }
        return run(
            plan.trials,
            "A new run of \(amount(plan.trials)) would pass in four of five cases or more, if "
                + "the target stays as it is.")
    }

    // MARK: Words

    private func amount(_ count: Int) -> String {
        let time =
            perSecond > 0
            ? " (\(ShareSentence.time(Double(count) / perSecond)) at this rate)" : ""
        return "\(Figure.whole(count)) \(share.sample.noun)\(time)"
    }

    private func run(_ requests: Int, _ sentence: String) -> RunVerdict.OfObjective.Needed {
        RunVerdict.OfObjective.Needed(
            moreRequests: requests,
            moreMinutes: perSecond > 0 ? Double(requests) / perSecond / 60 : nil,
            sentence: sentence)
    }

    private func longer(
        _ seconds: Double, _ sentence: String
    ) -> RunVerdict.OfObjective.Needed {
        RunVerdict.OfObjective.Needed(
            moreRequests: perSecond > 0 && seconds * perSecond < 1e15
                ? Int(clamping: seconds * perSecond) : nil,
            moreMinutes: seconds / 60, sentence: sentence)
    }
}
