extension FixedWidthInteger {
    /// A value without its fraction; the nearest that the type has for what is beyond it, and 0 for
    /// what is no number.
    ///
    /// For every value that comes from outside, or is calculated from one that does: `Int(_:)` ends
    /// the process where it does not fit.
    public init(clamping value: Double) {
        if let exact = Self(exactly: value.rounded(.towardZero)) {
            self = exact
        } else {
            self = value > 0 ? .max : value < 0 ? .min : 0
        }
    }
}
