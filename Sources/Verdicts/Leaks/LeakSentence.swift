import Glibc
import Profiles
import Statistics

/// What is said of a leak; statistics.md section 4.
struct LeakSentence {
    let series: LeakSeries
    let limit: Objective.Growth
    let reason: LeakTest.Reason
    let word: RunVerdict.Word
    let figures: LeakTest.Figures?
    let perRequest: LeakVerdict.Growth?
    let perHour: LeakVerdict.Growth?
    let undrained: Int

    var text: String {
        guard let figures, let perRequest, let perHour else {
            return "INCONCLUSIVE: \(name) has \(floors), and fewer than "
                + "\(LeakTest.minimumFloors) decide nothing; use more rounds or a longer run."
                + left
        }
        let memory =
            "residual correlation \(Figure.significant(figures.autocorrelation, digits: 2))"
        let seen = "\(size(series.first)) -> \(size(series.last)) in \(floors)"
        switch word {
        case .pass:
            return
                "PASS: \(name) grows by less than \(amount(perRequest.upper)) a request "
                + "(\(amount(perHour.upper)) an hour), tolerance \(tolerance) (95 %): \(seen); "
                + "\(memory); \(power).\(left)"
        case .fail:
            let how = reason == .accelerating ? "grows faster and faster, by" : "grows by"
            return
                "FAIL: \(name) \(how) \(between(perRequest)) a request "
                + "(\(between(perHour)) an hour), tolerance \(tolerance) (99 %, strong evidence): "
                + "\(seen); \(memory); \(power). A cache that is still filling, or memory that "
                + "wanders by itself, can look the same: run longer to tell.\(left)"
        default:
            return "INCONCLUSIVE: \(name) grows by \(between(perRequest)) a request "
                + "(\(between(perHour)) an hour), tolerance \(tolerance): \(seen); \(memory): "
                + "\(why); \(power).\(left)"
        }
    }

    private var name: String { "\(series.subject.rawValue)'s \(series.quantity.rawValue)" }

    private var floors: String {
        let kind =
            series.isDrained
            ? (series.block == 1 ? "drained troughs" : "floors of \(series.block) troughs")
            : "floors of \(series.block) s"
        return "\(Figure.whole(series.points.count)) \(kind)"
    }

    private var left: String {
        undrained > 0
            ? " \(Figure.whole(undrained)) rounds did not drain and are left out." : ""
    }

    private var why: String {
        switch reason {
        case .slowing: "it slows down, as a cache that fills; run longer"
        case .fewBlocks:
            "fewer than \(LeakTest.fullFloors) floors, and noise that they do not dwarf; run longer"
        case .noiseTooSlow: "its noise is slower than this run; run longer"
        case .noCollection:
            "a heap that is collected from time to time, and was not often enough here to show "
                + "what stays; run longer"
        case .lateGrowth: "it grows in its second half alone; run longer"
        default: "the bounds enclose the tolerance\(longer)"
        }
    }

    /// How long a run would have to be to tell the growth seen from the tolerance.
    private var longer: String {
        guard let figures, figures.span > 0 else { return "" }
        let bound: Double =
            switch limit {
            case .bytesPerRequest(let bytes): bytes
            case .bytesPerHour(let bytes): bytes / 3600
            }
        let gap = (bound - figures.slope).magnitude
        let half = max(figures.upper95 - figures.slope, figures.slope - figures.lower99)
        guard gap > 0, half > gap else { return "; run longer" }
        // Bounds of a trend narrow with the power 3/2 of a run's length.
        let factor = pow(half / gap, 2.0 / 3)
        return "; \(Figure.significant(factor, digits: 2)) times as long would do"
    }

    /// The smallest leak that this run could have found.
    private var power: String {
        guard let perRequest, let perHour else { return "" }
        return "a leak of \(amount(perRequest.detectable)) a request "
            + "(\(amount(perHour.detectable)) an hour) would have been found"
    }

    private var tolerance: String {
        switch limit {
        case .bytesPerRequest(let bytes):
            guard series.quantity.isMemory else {
                return "\(Figure.significant(bytes * 1e6)) in a million requests"
            }
            return "\(Figure.significant(bytes)) B a request"
        case .bytesPerHour(let bytes): return "\(amount(bytes)) an hour"
        }
    }

    private func between(_ growth: LeakVerdict.Growth) -> String {
        "\(amount(growth.lower)) to \(amount(growth.upper))"
    }

    private func amount(_ value: Double) -> String {
        guard series.quantity.isMemory else { return Figure.significant(value) }
        let sign = value < 0 ? "-" : ""
        return value.magnitude < 1024
            ? "\(Figure.significant(value)) B"
            : value.magnitude < 1e18
                ? "\(sign)\(Figure.bytes(UInt64(clamping: value.magnitude)))" : "\(sign)∞"
    }

    private func size(_ value: Double) -> String {
        series.quantity.isMemory && value >= 0
            ? Figure.bytes(UInt64(clamping: value)) : Figure.significant(value)
    }
}
