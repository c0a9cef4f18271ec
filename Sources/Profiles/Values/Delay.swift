import Glibc
public import Statistics

/// How long somebody waits: a duration, or a distribution that each wait is drawn from.
public enum Delay: Sendable, Equatable {
    /// Always this long: `500ms`.
    case constant(Duration)
    /// Anything between the two alike: `{ uniform: [100ms, 900ms] }`.
    case uniform(from: Duration, to: Duration)
    /// Without memory, around a mean: `{ exponential: 500ms }`.
    case exponential(mean: Duration)
    /// Around a mean; what would be below 0 is 0: `{ normal: 500ms, deviation: 100ms }`.
    case normal(mean: Duration, deviation: Duration)

    /// The next wait in nanoseconds, at most a year; the same for the same state of `random`.
    public func draw(_ random: inout SeededRandom) -> UInt64 {
        switch self {
        case .constant(let duration): return duration.nanoseconds
        case .uniform(let from, let to):
            let width = Double(to.nanoseconds - from.nanoseconds)
            return from.nanoseconds + UInt64(random.nextUnit() * width)
        case .exponential(let mean):
            return Self.bounded(random.nextExponential() * Double(mean.nanoseconds))
        case .normal(let mean, let deviation):
            // Box and Muller's transform: the radius is the root of twice an exponential value.
            let radius = (2 * random.nextExponential()).squareRoot()
            let standard = radius * cos(2 * .pi * random.nextUnit())
            return Self.bounded(
                Double(mean.nanoseconds) + standard * Double(deviation.nanoseconds))
        }
    }

    /// The mean in nanoseconds, but for what a normal distribution loses below 0.
    public var meanNanoseconds: UInt64 {
        switch self {
        case .constant(let duration): duration.nanoseconds
        case .uniform(let from, let to): (from.nanoseconds + to.nanoseconds) / 2
        case .exponential(let mean), .normal(let mean, _): mean.nanoseconds
        }
    }

    private static func bounded(_ nanoseconds: Double) -> UInt64 {
        UInt64(min(max(0, nanoseconds), 365 * 24 * 3600e9))
    }
}
