import FoundationEssentials
import Measurements

/// A value as JSON with snake-case keys, and back.
enum PlainJSON {
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Every number of a report is finite, so that there is always a text.
        guard let data = try? encoder.encode(value) else { return "" }
        return printable(String(decoding: data, as: UTF8.self)) + "\n"
    }

    /// JSON that says the same, with what would control a terminal escaped; only texts have it.
    static func printable(_ json: String) -> String {
        guard json.printable != json else { return json }
        var text = ""
        for scalar in json.unicodeScalars {
            if scalar.isPrintable || scalar == "\n" {
                text.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return text
    }

    static func value<Value: Decodable>(_ text: String) -> Value? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(Value.self, from: Data(text.utf8))
    }
}
