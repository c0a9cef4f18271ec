import Measurements
import Statistics

/// Text and numbers as HTML and SVG take them.
enum Markup {
    /// Text escaped for HTML, SVG and XML, in attributes too.
    ///
    /// What no XML document can hold is shown as U+FFFD, and so is what turns the direction of a
    /// line.
    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n": result.unicodeScalars.append(scalar)
            case "\r": result += "&#13;"
            case " "..."~": result.unicodeScalars.append(scalar)
            default: result.unicodeScalars.append(scalar.isPrintable ? scalar : "\u{FFFD}")
            }
        }
        return result
    }

    /// A number with at most two decimals, as few as it needs.
    static func number(_ value: Double) -> String {
        let hundredths = Int(clamping: (value * 100).rounded())
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        let digits = rest % 10 == 0 ? "\(rest / 10)" : (rest < 10 ? "0\(rest)" : "\(rest)")
        return "\(sign)\(whole).\(digits)"
    }

    /// A share of a length, as in 12.5%.
    static func percent(_ share: Double) -> String { "\(number(share * 100))%" }
}
