public import Statistics

/// Numbers as people read them, the same in every sentence and report.
public enum Figure {
    /// A whole number with separators, as in 629,578.
    public static func whole(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return number < 0 ? "-\(text)" : text
    }

    /// A time with three digits and its unit, as in 734 µs, 1.23 ms or 12.0 s.
    public static func time(_ nanoseconds: UInt64) -> String {
        let value = Double(nanoseconds)
        return switch value {
        case ..<999.5: "\(nanoseconds) ns"
        case ..<999_500: "\(significant(value / 1e3)) µs"
        case ..<999_500_000: "\(significant(value / 1e6)) ms"
        default: "\(significant(value / 1e9)) s"
        }
    }

    /// A size with three digits and its unit.
    public static func bytes(_ bytes: UInt64) -> String {
        let value = Double(bytes)
        return switch value {
        case ..<1024: "\(bytes) B"
        case ..<1_048_576: "\(significant(value / 1024)) KiB"
        case ..<1_073_741_824: "\(significant(value / 1_048_576)) MiB"
        default: "\(significant(value / 1_073_741_824)) GiB"
        }
    }

    /// A share in per cent with three digits, as in 0.00041 %; never rounded to 0 unless it is 0.
    public static func percent(_ share: Double) -> String { "\(significant(share * 100)) %" }

    /// A count with what it is of, in parts per million with its two-sided interval, as in
    /// `3 / 7,500 = 400 ppm [83, 1,168]`.
    ///
    /// - Parameter confidence: of each bound.
    public static func ratio(_ seen: Proportion, confidence: Double) -> String {
        let head = "\(whole(seen.count)) / \(whole(seen.total))"
        guard let lower = seen.lowerBound(confidence: confidence),
            let upper = seen.upperBound(confidence: confidence)
        else { return head }
        let ppm = Double(seen.count) / Double(seen.total) * 1e6
        return
            "\(head) = \(significant(ppm)) ppm [\(significant(lower * 1e6)), "
            + "\(significant(upper * 1e6))]"
    }

    /// Three significant digits without an exponent; whole numbers with separators.
    public static func significant(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return value == 0 ? "0" : "∞" }
        let size = value.magnitude
        if size >= 99.95 { return whole(Int(value.rounded())) }
        // The place of the third digit: 2 for 1.23, 1 for 12.3, 7 for 0.0000123.
        var places = 1
        var bound = 9.995
        while size < bound, places < 15 {
            places += 1
            bound /= 10
        }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((size * scale).rounded())
        var digits = String(scaled)
        while digits.count <= places { digits = "0" + digits }
        return "\(value < 0 ? "-" : "")\(digits.dropLast(places)).\(digits.suffix(places))"
    }
}
