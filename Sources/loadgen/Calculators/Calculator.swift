import ArgumentParsing
import Profiles
import Statistics
import Suggestions
import Verdicts

/// The arithmetic behind plans and verdicts, by hand.
enum Calculator: String, CaseIterable {
    /// How many requests a claim about a share needs.
    case requiredN = "required-n"
    /// What a count says of the true share.
    case interval
    /// What an availability allows.
    case budget

    /// The calculator of a name.
    init(named name: String) throws(UsageError) {
        guard let found = Calculator(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue)
            let hint =
                Suggestion.closest(to: name, among: names).map { "did you mean \($0)?" }
                ?? "there are \(names.joined(separator: ", "))"
            throw UsageError("there is no calculator \(name); \(hint)")
        }
        self = found
    }

    /// The flags that it reads.
    var flags: [String] {
        switch self {
        case .requiredN: ["--limit", "--errors", "--believed", "--power", "--rate", "--confidence"]
        case .interval: ["--count", "--of", "--limit", "--confidence"]
        case .budget: ["--availability", "--requests", "--recovery"]
        }
    }

    /// The answer to the flags given.
    func answer(_ arguments: Arguments) throws(UsageError) -> Calculation {
        let given = StatsCommand.syntax.flags.map(\.name).filter { $0 != "--json" }
        if let other = given.first(where: { arguments.value($0) != nil && !flags.contains($0) }) {
            throw UsageError(
                "\(rawValue) has no use for \(other); it takes \(flags.joined(separator: ", "))")
        }
        switch self {
        case .requiredN: return try requiredN(CalculatorInput(self, arguments))
        case .interval: return try interval(CalculatorInput(self, arguments))
        case .budget: return try budget(CalculatorInput(self, arguments))
        }
    }

    private func requiredN(_ input: CalculatorInput) throws(UsageError) -> Calculation {
        let limit = try input.wanted("--limit", input.share("--limit"))
        let errors = try input.whole("--errors", in: 0...100_000) ?? 0
        let confidence = try input.confidence()
        let believed = try input.share("--believed") ?? limit / 5
        let power = try input.share("--power") ?? 0.8
        let rate = try input.rate("--rate")
        func time(_ requests: Int) -> String {
            rate.map { ", \(Self.time(Double(requests) / $0)) at this rate" } ?? ""
        }
        var answer = Calculation()
        let sure = Figure.percent(confidence)
        let least = SampleSize.required(limit: limit, errors: errors, confidence: confidence)
        answer.add(
            "requests", least,
            "with \(Self.errors(errors)) prove at most \(Figure.percent(limit)), "
                + "\(sure) sure\(time(least))")
        if let plan = SampleSize.plan(
            limit: limit, believed: believed, confidence: confidence, power: power)
        {
            answer.add(
                "plan_requests", plan.trials,
                "prove it \(Figure.percent(plan.passProbability)) of the time if "
                    + "\(Figure.percent(believed)) is true\(time(plan.trials))")
            answer.add("plan_errors", plan.errors, "errors that they allow")
        } else {
            answer.add(
                "plan_requests", word: "none",
                "no plan: \(Figure.percent(believed)) is too near to \(Figure.percent(limit))")
        }
        let any = SequentialTest(limit: limit, confidence: confidence)
            .minimumThatPass(errors: errors)
        answer.add(
            "sequential_requests", any,
            "with \(Self.errors(errors)) where a run may stop at any look\(time(any))")
        return answer
    }

    private func interval(_ input: CalculatorInput) throws(UsageError) -> Calculation {
        let total = try input.wanted("--of", input.whole("--of", in: 0...1_000_000_000_000))
        let count = try input.wanted("--count", input.whole("--count", in: 0...total))
        let confidence = try input.confidence()
        let limit = try input.share("--limit")
        let seen = Proportion(count, of: total)
        let sure = Figure.percent(confidence)
        var answer = Calculation()
        if let lower = seen.lowerBound(confidence: confidence),
            let upper = seen.upperBound(confidence: confidence)
        {
            let share = Double(count) / Double(total)
            answer.add(
                "share", share, Figure.percent(share),
                "\(Figure.whole(count)) of \(Figure.whole(total))")
            answer.add(
                "lower", lower, Figure.percent(lower), "or more is the true share, \(sure) sure")
            answer.add(
                "upper", upper, Figure.percent(upper), "or less is the true share, \(sure) sure")
        }
        guard let limit else {
            if total == 0 { answer.add("verdict", word: "INVALID", "nothing was measured") }
            answer.exit = total == 0 ? .invalid : .pass
            return answer
        }
        judge(seen, limit, confidence, &answer)
        return answer
    }

    private func judge(
        _ seen: Proportion, _ limit: Double, _ confidence: Double, _ answer: inout Calculation
    ) {
        let claim = "at most \(Figure.percent(limit))"
        switch seen.verdict(limit: limit, confidence: confidence) {
        case .pass: answer.add("verdict", word: "PASS", "\(claim) is proven")
        case .fail:
            answer.add("verdict", word: "FAIL", "\(claim) is refuted")
            answer.exit = .fail
        case .inconclusive:
            answer.add("verdict", word: "INCONCLUSIVE", "\(claim) is neither proven nor refuted")
            answer.exit = .inconclusive
            if Double(seen.count) < limit * Double(seen.total) || seen.count == 0 {
                answer.add(
                    "more_requests",
                    SampleSize.more(after: seen, limit: limit, confidence: confidence),
                    "more requests without an error would prove it")
            }
        case .invalid:
            answer.add("verdict", word: "INVALID", "nothing was measured")
            answer.exit = .invalid
        }
    }

    private func budget(_ input: CalculatorInput) throws(UsageError) -> Calculation {
        let share = try input.wanted("--availability", input.share("--availability"))
        let requests = try input.whole("--requests", in: 1...1_000_000_000_000) ?? 1_000_000
        let recovery = try input.duration("--recovery") ?? 30
        let availability = Availability(share)
        var answer = Calculation()
        func add(_ name: String, _ seconds: Double, _ period: String) {
            let downtime = availability.downtime(in: seconds)
            answer.add(name, downtime, Self.time(downtime), "of downtime in \(period)")
        }
        add("downtime_per_year_seconds", Availability.secondsOfYear, "a year of 365 days")
        add("downtime_per_30_days_seconds", 30 * 86_400, "30 days")
        add("downtime_per_day_seconds", 86_400, "a day")
        let errors = BurnRate(objective: share).budgetErrors(requests: requests)
        answer.add(
            "errors", errors, Figure.significant(errors),
            "errors in \(Figure.whole(requests)) requests")
        if let faults = availability.maximumFaultsPerYear(recoverySeconds: recovery) {
            answer.add(
                "faults_per_year", faults, Figure.significant(faults),
                "whole outages of \(Self.time(recovery)) in a year")
            let days = PoissonDistribution.upperBound(count: 0, confidence: 0.95) / faults * 365
            answer.add(
                "proof_days", days, "\(Figure.significant(days)) d",
                "without one prove that they are no more, 95 % sure; no load test proves a year")
        }
        return answer
    }

    private static func errors(_ count: Int) -> String {
        count == 0
            ? "no error" : count == 1 ? "1 error" : "\(Figure.whole(count)) errors"
    }

    /// A time with three digits in the unit that people would take.
    private static func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<120: "\(Figure.significant(seconds)) s"
        case ..<7_200: "\(Figure.significant(seconds / 60)) min"
        case ..<172_800: "\(Figure.significant(seconds / 3_600)) h"
        default: "\(Figure.significant(seconds / 86_400)) d"
        }
    }
}
