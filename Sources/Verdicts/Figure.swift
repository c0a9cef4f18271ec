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
    public static func time(_ nanoseconds: UInt64) -> String { time(nanoseconds, digits: 3) }

    /// A time with as many digits as tell it from another one.
    static func time(_ nanoseconds: UInt64, apartFrom other: UInt64) -> String {
        fewest {
            time(nanoseconds, digits: $0)
        } otherThan: {
            time(other, digits: $0)
        }
    }

    private static func time(_ nanoseconds: UInt64, digits: Int) -> String {
        let value = Double(nanoseconds)
        return switch value {
        case ..<999.5: "\(nanoseconds) ns"
        case ..<999_500: "\(significant(value / 1e3, digits: digits)) µs"
        case ..<999_500_000: "\(significant(value / 1e6, digits: digits)) ms"
        default: "\(significant(value / 1e9, digits: digits)) s"
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

    /// A quantile by its name, as in p95 or p99.9.
    public static func quantile(partsPerMillion: Int) -> String {
        let (whole, rest) = partsPerMillion.quotientAndRemainder(dividingBy: 10_000)
        if rest == 0 { return "p\(whole)" }
        var digits = String(String(rest + 10_000).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "p\(whole).\(digits)"
    }

    /// A number of seconds that a person gave, without zeros that say nothing, as in 5 s or 0.25 s.
    static func plain(seconds: Double) -> String {
        // In whole microseconds, which are the finest that people give.
        let (whole, rest) = Int(clamping: (seconds * 1e6).rounded()).quotientAndRemainder(
            dividingBy: 1_000_000)
        var text = "\(self.whole(whole)).\(String(rest + 1_000_000).dropFirst())"
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return "\(text) s"
    }

    /// A share in per cent with three digits, as in 0.00041 %.
    ///
    /// Never rounded to 0 unless it is 0, nor to 100 unless it is 1.
    public static func percent(_ share: Double) -> String { percent(share, apartFrom: 1) }

    /// A share in per cent with as many digits as tell it from another one.
    static func percent(_ share: Double, apartFrom other: Double) -> String {
        fewest {
            significant(share * 100, digits: $0) + " %"
        } otherThan: {
            significant(other * 100, digits: $0) + " %"
        }
    }

    /// A share that a person gave, with the digits that it was given, as in 0.001 % or 99.99 %.
    public static func given(_ share: Double) -> String {
        // In whole billionths of a per cent, so that 0.001 % is not 0.0010000000000000002 %.
        let billionths = (share * 1e11).rounded()
        guard billionths >= 1 else { return percent(share) }
        let (whole, rest) = Int(clamping: billionths).quotientAndRemainder(
            dividingBy: 1_000_000_000)
        var text = "\(whole).\(String(rest + 1_000_000_000).dropFirst())"
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return "\(text) %"
    }

    /// A count with what it is of and its share, as in `3 of 7,500, 400 ppm`.
    public static func counted(_ seen: Proportion) -> String {
        let head = "\(whole(seen.count)) of \(whole(seen.total))"
        guard seen.total > 0 else { return head }
        let share = Double(seen.count) / Double(seen.total)
        let ppm = fewest {
            significant(share * 1e6, digits: $0)
        } otherThan: {
            significant(1e6, digits: $0)
        }
        return "\(head), \(ppm) ppm"
    }

    /// The first text, with as few digits as tell it from the second; three where none do.
    private static func fewest(
        _ text: (_ digits: Int) -> String, otherThan other: (_ digits: Int) -> String
    ) -> String {
        text((3...15).first { text($0) != other($0) } ?? 3)
    }

    /// Three significant digits, or more, without an exponent; whole numbers with separators.
    public static func significant(_ value: Double, digits: Int = 3) -> String {
        guard value.isFinite else { return value.isNaN ? "unknown" : value > 0 ? "∞" : "-∞" }
        guard value != 0 else { return "0" }
        let sign = value < 0 ? "-" : ""
        let size = value.magnitude
        guard size < 1e15 else { return "\(sign)more than 10^15" }
        // The fewest decimal places that hold all the digits once the value is rounded to them.
        let least = (1...digits).reduce(1.0) { power, _ in power * 10 }
        var places = 0
        var scale = 1.0
        while (size * scale * 10).rounded() < least, places < maximumPlaces {
            places += 1
            scale *= 10
        }
        let (whole, rest) = Int(clamping: (size * scale).rounded())
            .quotientAndRemainder(dividingBy: Int(scale))
        if whole == 0, rest == 0 { return "\(sign)less than 10^-\(maximumPlaces)" }
        guard places > 0 else { return "\(sign)\(self.whole(whole))" }
        return "\(sign)\(self.whole(whole)).\(String(rest + Int(scale)).dropFirst())"
    }

    private static let maximumPlaces = 17
}
