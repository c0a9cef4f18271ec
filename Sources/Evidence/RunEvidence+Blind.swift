public import Measurements

extension RunEvidence {
    /// When at least one generator thread did not look, although requests were due or in flight;
    /// in order, and without overlaps.
    public var blindStretches: [BlindStretch] {
        let all = rows.flatMap { $0.loops ?? [] }.flatMap { $0.blind ?? [] }
            .sorted { $0.fromNanoseconds < $1.fromNanoseconds }
        var union: [BlindStretch] = []
        for stretch in all {
            if let last = union.last, stretch.fromNanoseconds <= last.toNanoseconds {
                union[union.count - 1].toNanoseconds = max(
                    last.toNanoseconds, stretch.toNanoseconds)
            } else {
                union.append(stretch)
            }
        }
        return union
    }

    /// How many seconds of a stretch of time at least one generator thread did not look; its ends
    /// are in seconds from the start of the load.
    public func blindSeconds(from start: Double, to end: Double) -> Double {
        blindStretches.reduce(0) { sum, stretch in
            sum
                + max(
                    0,
                    min(end, Double(stretch.toNanoseconds) / 1e9)
                        - max(start, Double(stretch.fromNanoseconds) / 1e9))
        }
    }
}
