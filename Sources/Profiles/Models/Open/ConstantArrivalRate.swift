public import JSON
import Quantities

/// Open model, `rate: 1000/s`: arrivals at one rate.
public struct ConstantArrivalRate: OpenModel {
    /// Above 0.
    public var rate: Rate
    /// How arrivals are spaced.
    public var arrivals: Arrivals?

    /// Arrivals at `rate`.
    public init(_ rate: Rate, _ arrivals: Arrivals) {
        self.rate = rate
        self.arrivals = arrivals
    }

    /// The rate.
    public var highestRate: Rate? { rate }

    /// Its rate never changes.
    public var isSteady: Bool { true }

    /// In rounds, if the phase has them.
    public func intensity(in phase: Phase) -> (any Intensity)? {
        if let rounds = phase.rounds {
            RoundsIntensity(rate: rate, rounds: rounds, duration: phase.duration)
        } else {
            ConstantIntensity(rate: rate, seconds: phase.duration.inSeconds)
        }
    }
}

extension ConstantArrivalRate: WrittenModel {
    static let keys = ["rate"]

    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self? {
        decoder.positiveRate(text["rate"]).map { Self($0, text.arrivals) }
    }

    /// `rate` and `arrivals`.
    public var json: [JSONValue.Member] {
        [.init("rate", .string(Quantity.text(rate)))] + spacing
    }
}

/// The expected arrivals of one rate.
struct ConstantIntensity: Intensity {
    let total: Double
    private let perSecond: Double

    init(rate: Rate, seconds: Double) {
        perSecond = rate.perSecond
        total = perSecond * seconds
    }

    func secondsAt(_ count: Double) -> Double { count / perSecond }
}
