import CBoostMath

/// Two standard normal values that go together.
public enum BivariateNormal {
    /// How much likelier it is that both values exceed `z` than it would be if they were
    /// independent: P(X > z, Y > z) - P(X > z)^2.
    ///
    /// - Parameters:
    ///   - z: the level that is exceeded.
    ///   - correlation: of the two values, 0 to 1.
    /// - Source: Plackett 1954, in the angle form of Drezner & Wesolowsky 1990; Gauss and
    /// Legendre's   rule with 30 points by Boost.Math.
    public static func jointExcess(above z: Double, correlation: Double) -> Double {
        precondition((0...1).contains(correlation), "\(correlation)")
        return boost_binormal_excess(z, correlation)
    }
}
