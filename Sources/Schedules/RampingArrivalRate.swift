import Profiles

/// A rate that changes linearly over the phase.
struct RampingArrivalRate: Intensity {
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
