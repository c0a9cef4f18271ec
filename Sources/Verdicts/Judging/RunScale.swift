import Statistics

/// The scale on which values of runs are about normal, and vary alike whatever their size.
enum RunScale {
    /// Times and rates: noise multiplies them.
    case logarithm
    /// Shares of requests: the arcsine of the root, on which a share of n independent requests has
    /// the variance 1/(4n), at 0 as well.
    ///
    /// - Source: Anscombe 1948.
    case share

    func scaled(_ value: Double) -> Double {
        switch self {
        case .logarithm: Double.log(value)
        case .share: Double.arcSine(min(1, max(0, value)).squareRoot())
        }
    }

    func value(_ scaled: Double) -> Double {
        switch self {
        case .logarithm: return Double.exp(scaled)
        case .share:
            // Beyond a quarter turn the sine falls again.
            let sine = Double.sine(min(Double.pi / 2, max(0, scaled)))
            return sine * sine
        }
    }

    /// A count as a share that is above 0 where nothing was counted.
    static func share(_ count: Int, of total: Int) -> Double {
        (Double(count) + 0.375) / (Double(total) + 0.75)
    }

    /// The variance that the chance of a count alone has.
    static func countVariance(of total: Double) -> Double { 1 / (4 * max(1, total)) }

    /// A deviation on the scale as people read it: a share of the value, or shares of requests.
    func deviation(_ scaled: Double, at value: Double) -> Double {
        switch self {
        case .logarithm: scaled
        case .share: scaled * 2 * (value * (1 - value)).squareRoot()
        }
    }
}
