import Glibc

extension Double {
    /// The exponential function.
    public static func exp(_ x: Double) -> Double { Glibc.exp(x) }

    /// exp(x) - 1, with all its digits near 0.
    static func expMinusOne(_ x: Double) -> Double { Glibc.expm1(x) }

    /// The natural logarithm.
    public static func log(_ x: Double) -> Double { Glibc.log(x) }

    /// ln(1 + x), with all its digits near 0.
    static func logOnePlus(_ x: Double) -> Double { Glibc.log1p(x) }

    /// The angle whose sine is x, of x in -1...1.
    public static func arcSine(_ x: Double) -> Double { Glibc.asin(x) }

    /// The sine of an angle in radians.
    public static func sine(_ x: Double) -> Double { Glibc.sin(x) }
}
