import Profiles

/// The expected number of arrivals since the start of a phase, and its inverse.
///
/// An arrival is due where the intensity reaches its count (even spacing) or its sum of unit
/// exponential gaps (Poisson, by time change), so one inverse serves both at any rate.
protocol Intensity: Sendable {
    /// The expected number of arrivals in the phase.
    var total: Double { get }

    /// When the intensity reaches `count`, in seconds from the phase's start; `count` in 0...total.
    func secondsAt(_ count: Double) -> Double
}

extension Phase {
    /// Its intensity and spacing; `nil` for the closed model and for a recording.
    var intensity: (any Intensity, Arrivals)? {
        let seconds = duration.inSeconds
        return switch model {
        case .constantArrivalRate(let rate, let arrivals):
            if let rounds {
                (RoundsArrivalRate(rate: rate, rounds: rounds, duration: duration), arrivals)
            } else {
                (ConstantArrivalRate(rate: rate, seconds: seconds), arrivals)
            }
        case .rampingArrivalRate(let from, let to, let arrivals):
            (RampingArrivalRate(from: from, to: to, seconds: seconds), arrivals)
        case .spike(let spike, let arrivals):
            (SpikeArrivalRate(spike, seconds: seconds), arrivals)
        case .sine(let sine, let arrivals): (SineArrivalRate(sine, seconds: seconds), arrivals)
        case .replay, .constantUsers, .rampingUsers, .perUserIterations, .sharedIterations,
            .asFastAsPossible:
            nil
        }
    }
}
