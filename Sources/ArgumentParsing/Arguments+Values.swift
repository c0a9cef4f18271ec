import Quantities

/// Values with units, each checked against its range; `nil` if the flag is not there.
extension Arguments {
    /// A share above 0 and below 1: per cent, parts per million, or a plain number.
    public func share(_ flag: String) throws(UsageError) -> Double? {
        guard let text = value(flag) else { return nil }
        guard let share = Quantity.share(text), share >= 1e-11, share < 1 else {
            throw UsageError(
                "\(flag) is a share above 0 and below 1, as in 0.001%, 10ppm or 1e-5, not "
                    + "\"\(text)\"")
        }
        return share
    }

    /// The one-sided confidence of every bound; 95 % unless given.
    public func confidence() throws(UsageError) -> Double {
        guard let text = value("--confidence") else { return 0.95 }
        guard let share = Quantity.share(text), share >= 0.5, share <= 0.999_999 else {
            throw UsageError(
                "--confidence is a share from 50% to 99.9999%, as in 95% or 0.99, not \"\(text)\"")
        }
        return share
    }

    /// A whole number in a range; `_` and `,` between digits are skipped.
    public func number(_ flag: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = value(flag) else { return nil }
        let digits = text.filter { $0 != "_" && $0 != "," }
        guard let number = Int(digits), range.contains(number) else {
            throw UsageError(
                "\(flag) is a whole number from \(range.lowerBound) to \(range.upperBound), not "
                    + "\"\(text)\"")
        }
        return number
    }

    /// Requests a second, above 0.
    public func rate(_ flag: String) throws(UsageError) -> Double? {
        guard let text = value(flag) else { return nil }
        guard let rate = Quantity.perSecond(text), rate > 0 else {
            throw UsageError(
                "\(flag) is \(Quantity.rateForm), at most 10000000/s, not \"\(text)\"")
        }
        return rate
    }

    /// Seconds, above 0.
    public func duration(_ flag: String) throws(UsageError) -> Double? {
        guard let text = value(flag) else { return nil }
        guard let nanoseconds = Quantity.nanoseconds(text), nanoseconds > 0,
            nanoseconds <= Quantity.maximumNanoseconds
        else {
            throw UsageError(
                "\(flag) is a time as in 500ms, 30s, 2m, 1h or 1m30s, at most a year, not "
                    + "\"\(text)\"")
        }
        return nanoseconds / 1e9
    }
}
