import Glibc
public import JSON
import Quantities
import YAML

/// Open model, `sine`: the rate swings around a mean, beginning there and rising first.
public struct Sine: OpenModel {
    /// The middle.
    public var mean: Rate
    /// The most that the rate differs from it; at most the mean.
    public var amplitude: Rate
    /// From one rise to the next.
    public var period: Duration
    /// How arrivals are spaced.
    public var arrivals: Arrivals?

    /// The mean and the amplitude.
    public var highestRate: Rate? { Rate(perSecond: mean.perSecond + amplitude.perSecond) }

    /// Begins at the mean.
    public func intensity(in phase: Phase) -> (any Intensity)? {
        SineIntensity(self, seconds: phase.duration.inSeconds)
    }

    /// With another period.
    public func stretched(by factor: Double) -> Sine {
        var sine = self
        sine.period = period * factor
        return sine
    }
}

extension Sine: WrittenModel {
    static let keys = ["sine"]

    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self? {
        guard let node = text["sine"] else { return nil }
        decoder.check(node, "a sine", keys: ["mean", "amplitude", "period"])
        for key in ["mean", "amplitude", "period"] where node[key] == nil {
            decoder.problems.add(node.position, "a sine needs \(key)")
        }
        let mean = decoder.positiveRate(node["mean"])
        let amplitude = decoder.positiveRate(node["amplitude"])
        guard let mean, let amplitude, let period = decoder.duration(node["period"]) else {
            return nil
        }
        guard amplitude <= mean else {
            decoder.problems.add(
                node.position,
                "the amplitude \(Quantity.text(amplitude)) is above the mean "
                    + "\(Quantity.text(mean)), and a rate cannot be below 0")
            return nil
        }
        return Sine(mean: mean, amplitude: amplitude, period: period, arrivals: text.arrivals)
    }

    /// `sine` and `arrivals`.
    public var json: [JSONValue.Member] {
        let keys: [JSONValue.Member] = [
            .init("mean", .string(Quantity.text(mean))),
            .init("amplitude", .string(Quantity.text(amplitude))),
            .init("period", .string(Quantity.text(period))),
        ]
        return [.init("sine", .object(keys))] + spacing
    }
}

/// The expected arrivals of a rate that swings: mean + amplitude sin(2 pi t / period).
private struct SineIntensity: Intensity {
    let total: Double
    private let mean: Double
    private let amplitude: Double
    private let frequency: Double
    private let seconds: Double

    init(_ sine: Sine, seconds: Double) {
        mean = sine.mean.perSecond
        amplitude = sine.amplitude.perSecond
        frequency = 2 * Double.pi / sine.period.inSeconds
        self.seconds = seconds
        total = Self.count(at: seconds, mean, amplitude, frequency)
    }

    /// The integral of the rate up to a time.
    private static func count(
        at time: Double, _ mean: Double, _ amplitude: Double, _ frequency: Double
    ) -> Double {
        // 1 - cos x = 2 sin²(x/2) keeps its digits near 0.
        let half = sin(frequency * time / 2)
        return mean * time + amplitude / frequency * 2 * half * half
    }

    func secondsAt(_ count: Double) -> Double {
        // The integral rises, and lies within one swing of the straight line: so does the root.
        var low = max(0, (count - 2 * amplitude / frequency) / mean)
        var high = min(seconds, count / mean)
        // 60 halvings take any phase below a nanosecond.
        for _ in 0..<60 where high - low > 1e-10 {
            let middle = low + (high - low) / 2
            if Self.count(at: middle, mean, amplitude, frequency) < count {
                low = middle
            } else {
                high = middle
            }
        }
        return high
    }
}
