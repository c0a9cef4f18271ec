import FoundationEssentials
import Statistics
import Testing

@testable import Collector

@Suite struct SecretMaskTests {
    private static let secrets = [
        "hunter2 & <\"täst\">/\\+=", "eyJhbGciOiJIUzI1NiJ9.e30.x-_y", "S3cr3t!", "p@ss wörd 😀'",
    ]

    private static func percent(_ text: String, _ format: (UInt8) -> String) -> String {
        text.utf8.map(format).joined()
    }

    private static func hex(_ byte: UInt8, isUpper: Bool) -> String {
        let digits = String(byte, radix: 16, uppercase: isUpper)
        return digits.count < 2 ? "0\(digits)" : digits
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        let scalar = Character(Unicode.Scalar(byte))
        return byte < 128 && (scalar.isLetter || scalar.isNumber)
    }

    /// The forms in which servers of this world give a text back.
    private static let forms: [(name: String, form: @Sendable (String) -> String)] = [
        ("as it is", { $0 }),
        (
            "percent, capitals",
            {
                percent($0) {
                    isWord($0) ? String(Unicode.Scalar($0)) : "%" + hex($0, isUpper: true)
                }
            }
        ),
        (
            "percent, small",
            {
                percent($0) {
                    isWord($0) ? String(Unicode.Scalar($0)) : "%" + hex($0, isUpper: false)
                }
            }
        ),
        ("percent, all of it", { percent($0) { "%" + hex($0, isUpper: true) } }),
        (
            "a form",
            {
                percent($0) {
                    $0 == 32
                        ? "+"
                        : isWord($0) ? String(Unicode.Scalar($0)) : "%" + hex($0, isUpper: true)
                }
            }
        ),
        (
            "JSON",
            {
                $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                    .replacing("/", with: "\\/")
            }
        ),
        (
            "JSON in ASCII",
            {
                $0.utf16.map { unit in
                    let digits = String(unit, radix: 16)
                    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }.joined()
            }
        ),
        ("hexadecimal, small", { percent($0) { hex($0, isUpper: false) } }),
        ("hexadecimal, capitals", { percent($0) { hex($0, isUpper: true) } }),
        (
            "HTML",
            {
                $0.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                    .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
                    .replacing("'", with: "&#039;")
            }
        ),
        ("HTML numbers", { $0.unicodeScalars.map { "&#\($0.value);" }.joined() }),
        (
            "HTML hexadecimal numbers",
            {
                $0.unicodeScalars.map { "&#x\(String($0.value, radix: 16, uppercase: true));" }
                    .joined()
            }
        ),
        ("base64", { Data($0.utf8).base64EncodedString() }),
        ("base64 behind one byte", { Data(("u" + $0 + "zz").utf8).base64EncodedString() }),
        ("base64 behind two bytes", { Data(("us" + $0 + "z").utf8).base64EncodedString() }),
        (
            "base64 of a user and a password",
            { Data(("user:" + $0).utf8).base64EncodedString() }
        ),
        (
            "base64url",
            {
                Data(("a" + $0).utf8).base64EncodedString().replacing("+", with: "-")
                    .replacing("/", with: "_").replacing("=", with: "")
            }
        ),
    ]

    @Test(arguments: secrets, forms.map(\.name))
    func `a secret is masked in every form that a target gives it back in`(
        secret: String, name: String
    ) throws {
        let made = try #require(Self.forms.first { $0.name == name })
        let form = made.form(secret)
        let mask = SecretMask([secret])
        let text = mask.masked("[[ \(form) ]]")
        // Of base64 behind other bytes, what holds none of it is left.
        let most = name.hasPrefix("base64") ? 8 : 0
        #expect(text.hasPrefix("[[ ") && text.hasSuffix(" ]]"), "\(text)")
        #expect(text.contains("***"), "\(form) -> \(text)")
        let left = text.replacing("***", with: "").dropFirst(3).dropLast(3)
        #expect(left.count <= most, "\(form) -> \(text)")
    }

    @Test func `what a cut goes through is masked, wherever it goes through`() {
        let secret = Self.secrets[0]
        for (name, form) in Self.forms where name == "base64" || !name.hasPrefix("base64") {
            let form = form(secret)
            let mask = SecretMask([secret])
            for place in [1, 2, 5, form.utf8.count - 1] {
                let body = [UInt8](repeating: UInt8(ascii: "."), count: 2048 - place) + form.utf8
                let text = mask.masked(body)
                #expect(text.hasPrefix("...."))
                let left = text.drop { $0 == "." }
                // The marks themselves may be cut.
                #expect("***".hasPrefix(left) && !left.isEmpty, "\(name), \(place): \(left)")
            }
        }
    }

    @Test func `an excerpt that was cut ends before a secret`() {
        let mask = SecretMask(["hunter2-hunter2"])
        for count in 1...15 {
            let excerpt = "status 401: \"xx\("hunter2-hunter2".prefix(count))…\", expected 200"
            #expect(mask.masked(excerpt) == "status 401: \"xx***…\", expected 200", "\(count)")
        }
    }

    @Test func `secrets that overlap are masked together`() {
        let mask = SecretMask(["abcdef", "defghi", "abcdef-long"])
        #expect(mask.masked("<abcdefghi> <abcdef-long>") == "<***> <***>")
        #expect(mask.masked("abcdefabcdef.") == "***.")
    }

    @Test func `a text without a secret stays as it is`() {
        let mask = SecretMask(Self.secrets)
        for text in [
            "", "é😀", "hunter2 & <", "%20%", "\\u00", String(repeating: "a+/%", count: 99),
        ] {
            #expect(mask.masked(text) == text)
            #expect(mask.masked(Array(text.utf8)) == text)
        }
        #expect(SecretMask().masked("x…") == "x…" && SecretMask([""]).masked("x…") == "x…")
    }

    @Test func `short secrets are counted, and masked as they are`() {
        let mask = SecretMask(["ab", "xyz", "long enough", "ab"])
        #expect(mask.shortSecretCount == 2)
        #expect(mask.masked("ab cab %61b 6162 xyz") == "*** c*** *** 6162 ***")
    }

    /// Bytes that look like the beginning of every form.
    @Test func `noise is masked without a crash and in bounds`() {
        let mask = SecretMask(Self.secrets + ["%%%%%%%%", "&#&#&#&#", "\\u\\u\\u\\u"])
        var random = SeededRandom(seed: 5)
        let alphabet = Array("%2&#x5;\\u00u4hHunter2aGV… ".utf8)
        for _ in 0..<40 {
            let bytes = (0..<Int.random(in: 0...3000, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            #expect(mask.masked(bytes).count <= 2048)
        }
    }
}
