extension Int {
    /// The nearest whole number that an `Int` has: its ends for what is beyond them, 0 for NaN.
    ///
    /// Where a value comes from outside, `Int(_:)` of it may trap.
    public init(clamping value: Double) {
        // 2^63, of which the `Double` before it is the largest that fits.
        if value.isNaN {
            self = 0
        } else if value >= 0x1p63 {
            self = .max
        } else if value <= -0x1p63 {
            self = .min
        } else {
            self = Int(value)
        }
    }
}
