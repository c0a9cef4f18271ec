public import JSON
import Quantities
import YAML

/// Open model, `spike`: a base rate with one peak, which rises, holds and falls within the phase.
public struct Spike: OpenModel {
    /// The rate outside the peak.
    public var base: Rate
    /// The rate at the peak.
    public var peak: Rate
    /// When the rise begins, from the start of the phase.
    public var begin: Duration
    /// How long the rate rises; 0 for at once.
    public var rise: Duration
    /// How long the peak holds.
    public var hold: Duration
    /// How long the rate falls; 0 for at once.
    public var fall: Duration
    /// How arrivals are spaced.
    public var arrivals: Arrivals?

    /// From the beginning of the rise to the end of the fall.
    public var length: Duration { rise + hold + fall }

    /// The peak, or the base if that is above it.
    public var highestRate: Rate? { max(base, peak) }

    /// The base, the peak and the base again.
    public func intensity(in phase: Phase) -> (any Intensity)? {
        SpikeIntensity(self, seconds: phase.duration.inSeconds)
    }

    /// With another time for each part.
    public func stretched(by factor: Double) -> Spike {
        var spike = self
        spike.begin = begin * factor
        spike.rise = rise * factor
        spike.hold = hold * factor
        spike.fall = fall * factor
        return spike
    }
}

extension Spike: WrittenModel {
    static let keys = ["spike"]

    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self? {
        guard let node = text["spike"] else { return nil }
        decoder.check(node, "a spike", keys: ["base", "peak", "at", "rise", "hold", "fall"])
        for key in ["base", "peak", "hold"] where node[key] == nil {
            decoder.problems.add(node.position, "a spike needs \(key)")
        }
        let base = decoder.value(node["base"], Quantity.rateForm, Quantity.rate)
        let peak = decoder.positiveRate(node["peak"])
        let rise = decoder.duration(node["rise"]) ?? .zero
        let hold = decoder.duration(node["hold"])
        let fall = decoder.duration(node["fall"]) ?? .zero
        let begin = decoder.durationOrZero(node["at"])
        guard let base, let peak, let hold, let duration = text.length else { return nil }
        let length = rise + hold + fall
        guard length + (begin ?? .zero) <= duration else {
            decoder.problems.add(
                node.position,
                "the spike ends \(Quantity.text(length + (begin ?? .zero))) after the phase "
                    + "began, which lasts \(Quantity.text(duration))")
            return nil
        }
        return Spike(
            base: base, peak: peak, begin: begin ?? (duration - length) / 2, rise: rise,
            hold: hold, fall: fall, arrivals: text.arrivals)
    }

    /// `spike` and `arrivals`.
    public var json: [JSONValue.Member] {
        var keys: [JSONValue.Member] = [
            .init("base", .string(Quantity.text(base))),
            .init("peak", .string(Quantity.text(peak))),
            .init("at", .string(begin > .zero ? Quantity.text(begin) : "0s")),
        ]
        for (name, duration) in [("rise", rise), ("hold", hold), ("fall", fall)]
        where duration > .zero {
            keys.append(.init(name, .string(Quantity.text(duration))))
        }
        return [.init("spike", .object(keys))] + spacing
    }
}

/// The expected arrivals of a spike: five stretches, each constant or a ramp.
private struct SpikeIntensity: Intensity {
    let total: Double
    /// The stretches with the time and the count at which they begin; none is empty.
    private var parts: [(begin: Double, count: Double, intensity: any Intensity)] = []

    init(_ spike: Spike, seconds: Double) {
        let stretches: [(Rate, Rate, Double)] = [
            (spike.base, spike.base, spike.begin.inSeconds),
            (spike.base, spike.peak, spike.rise.inSeconds),
            (spike.peak, spike.peak, spike.hold.inSeconds),
            (spike.peak, spike.base, spike.fall.inSeconds),
            (spike.base, spike.base, seconds - spike.begin.inSeconds - spike.length.inSeconds),
        ]
        var (time, count) = (0.0, 0.0)
        for (from, to, length) in stretches where length > 1e-9 {
            let part: any Intensity =
                from == to
                ? ConstantIntensity(rate: from, seconds: length)
                : RampingIntensity(from: from, to: to, seconds: length)
            if part.total > 0 { parts.append((time, count, part)) }
            time += length
            count += part.total
        }
        total = count
    }

    func secondsAt(_ count: Double) -> Double {
        guard let part = parts.last(where: { $0.count <= count }) ?? parts.first else { return 0 }
        return part.begin + part.intensity.secondsAt(min(count - part.count, part.intensity.total))
    }
}
