extension Quantity {
    /// A share, 0 or above: per cent, parts per million, or a plain number.
    public static func share(_ text: String) -> Double? {
        let text = text.filter { $0 != " " }
        if text.hasSuffix("%") { return number(text.dropLast()).map { $0 / 100 } }
        if text.hasSuffix("ppm") { return number(text.dropLast(3)).map { $0 / 1e6 } }
        return number(text)
    }

    /// A share above 0 and below 1, in whole billionths of a per cent, as it is written again.
    public static func properShare(_ text: String) -> Double? {
        guard let billionths = share(text).map({ ($0 * 1e11).rounded() }), billionths >= 1,
            billionths < 1e11
        else { return nil }
        return billionths / 1e11
    }

    /// A share in per cent, in whole billionths of one, so that 0.001 % is not
    /// 0.0010000000000000002 %.
    public static func text(share: Double) -> String {
        "\(decimal(Int(exactly: (share * 1e11).rounded()) ?? .max, scale: 1_000_000_000))%"
    }
}
