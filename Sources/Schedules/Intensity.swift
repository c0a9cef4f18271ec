import Profiles

/// The expected number of arrivals since the start of a phase, and its inverse.
///
/// An arrival is due where the intensity reaches its count (even spacing) or its sum of unit
/// exponential gaps (Poisson, by time change), so one inverse serves both at any rate.
struct Intensity {
    /// How arrivals are spaced.
    let arrivals: Arrivals
    /// The expected number of arrivals in the phase.
    let total: Double
    private let startRate: Double
    private let slope: Double
    private let seconds: Double

    /// Absent for the closed model, which has no arrivals.
    init?(_ phase: Phase) {
        seconds = phase.duration.inSeconds
        switch phase.model {
        case .constantArrivalRate(let rate, let arrivals):
            self.arrivals = arrivals
            startRate = rate.perSecond
            slope = 0
        case .rampingArrivalRate(let from, let to, let arrivals):
            self.arrivals = arrivals
            startRate = from.perSecond
            slope = (to.perSecond - from.perSecond) / seconds
        case .constantUsers:
            return nil
        }
        total = startRate * seconds + slope * seconds * seconds / 2
    }

    /// When the intensity reaches `count`, in seconds from the phase's start.
    func secondsAt(_ count: Double) -> Double {
        if slope == 0 { return count / startRate }
        // The root of slope/2 t² + startRate t = count, in the form that keeps its digits.
        let root = max(0, startRate * startRate + 2 * slope * count).squareRoot()
        let denominator = startRate + root
        return denominator > 0 ? min(seconds, 2 * count / denominator) : 0
    }
}
