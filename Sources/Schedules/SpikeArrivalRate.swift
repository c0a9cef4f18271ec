import Profiles

/// A base rate with one peak in it: five stretches, each constant or a ramp.
struct SpikeArrivalRate: Intensity {
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
                ? ConstantArrivalRate(rate: from, seconds: length)
                : RampingArrivalRate(from: from, to: to, seconds: length)
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
