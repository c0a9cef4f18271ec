public import JSON
import Quantities
import YAML

/// Open model, `from: 0/s` with `to: 1000/s`: the rate changes linearly over the phase.
public struct RampingArrivalRate: OpenModel {
    /// The rate at the start of the phase.
    public var from: Rate
    /// The rate at its end.
    public var to: Rate
    /// How arrivals are spaced.
    public var arrivals: Arrivals?

    /// A ramp from its ends.
    public init(from: Rate, to: Rate, _ arrivals: Arrivals) {
        self.from = from
        self.to = to
        self.arrivals = arrivals
    }

    /// The larger of its ends.
    public var highestRate: Rate? { max(from, to) }

    /// Rises, or falls, over the phase.
    public func intensity(in phase: Phase) -> (any Intensity)? {
        RampingIntensity(from: from, to: to, seconds: phase.duration.inSeconds)
    }
}

extension RampingArrivalRate: WrittenModel {
    static let keys = ["from", "to"]

    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self? {
        let from = decoder.value(text["from"], Quantity.rateForm, Quantity.rate)
        let to = decoder.value(text["to"], Quantity.rateForm, Quantity.rate)
        guard let from, let to else { return nil }
        if from.perSecond == 0, to.perSecond == 0 {
            decoder.problems.add(
                text.entry.position, "the phase \"\(text.entry.key)\" rises from 0 to 0")
        }
        return Self(from: from, to: to, text.arrivals)
    }

    /// `from`, `to` and `arrivals`.
    public var json: [JSONValue.Member] {
        [
            .init("from", .string(Quantity.text(from))),
            .init("to", .string(Quantity.text(to))),
        ] + spacing
    }
}

/// The expected arrivals of a rate that changes linearly.
struct RampingIntensity: Intensity {
    let total: Double
    private let startRate: Double
    private let slope: Double
    private let seconds: Double

    init(from: Rate, to: Rate, seconds: Double) {
        startRate = from.perSecond
        slope = (to.perSecond - from.perSecond) / seconds
        self.seconds = seconds
        total = startRate * seconds + slope * seconds * seconds / 2
    }

    func secondsAt(_ count: Double) -> Double {
        // The root of slope/2 t² + startRate t = count, in the form that keeps its digits.
        let root = max(0, startRate * startRate + 2 * slope * count).squareRoot()
        let denominator = startRate + root
        return denominator > 0 ? min(seconds, 2 * count / denominator) : 0
    }
}
