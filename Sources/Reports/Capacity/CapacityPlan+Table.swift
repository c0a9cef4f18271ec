import Measurements
import Verdicts

/// What every format of a capacity plan shows.
extension CapacityPlan {
    /// A line for each figure.
    var rows: [[String]] {
        var rows = [
            ["figure", "value"],
            [
                "nodes",
                "\(Figure.whole(nodes)): \(Figure.whole(needed)) needed, "
                    + "\(Figure.whole(wish.spare)) to lose",
            ],
            [
                "load",
                "\(Capacity.rate(wish.targetRate)), peaks of "
                    + Capacity.rate(wish.targetRate * wish.peakFactor),
            ],
            ["a node", "confirmed for \(Capacity.rate(perNode))"],
            ["usual rate of a node", Capacity.rate(usualRate)],
            ["usual p95", Self.expected(usualP95)],
            ["rate at a peak without the spare ones", Capacity.rate(worstRate)],
            ["p95 then", Self.expected(worstP95)],
            ["limiting resource", limit],
        ]
        if let months = months, let growth = wish.growthPerMonth {
            rows.append([
                "outgrown",
                "in \(Self.time(months: months)), at \(Figure.percent(growth)) a month",
            ])
        }
        return rows
    }

    /// A time in the unit that people would use.
    private static func time(months: Double) -> String {
        let hours = months * 365.0 / 12 * 24
        switch hours {
        case ..<48: return "\(Figure.significant(hours, digits: 2)) hours"
        case ..<1_440: return "\(Figure.significant(hours / 24, digits: 2)) days"
        default: return "\(Figure.significant(months, digits: 3)) months"
        }
    }

    private static func expected(_ p95: Double?) -> String {
        p95.map { "about \(Capacity.time($0)), between the measured steps" }
            ?? "not measured: below the slowest step that passed"
    }
}
