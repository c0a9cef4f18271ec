import CElfutils
import Glibc

/// Names as people wrote them, from names as the linker has them.
enum Demangler {
    static func name(_ symbol: String) -> String {
        if symbol.hasPrefix("_Z") {
            return taken(__cxa_demangle(symbol, nil, nil, nil)) ?? symbol
        }
        guard symbol.hasPrefix("$s") || symbol.hasPrefix("$S") else { return symbol }
        return taken(swift_demangle(symbol, symbol.utf8.count, nil, nil, 0)).map(short) ?? symbol
    }

    private static func taken(_ text: UnsafeMutablePointer<CChar>?) -> String? {
        guard let text else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// The path of a function, without its types and without what the compiler made of it.
    ///
    /// `function signature specialization <...> of A.B.(c in _0123AB)(Swift.Int) -> ()` is `A.B.c`,
    /// and `closure #1 (Swift.Int) -> () in A.d() -> ()` is `closure #1 in A.d`.
    static func short(_ name: String) -> String {
        var name = name
        if name.contains(" specialization <"), let end = name.ranges(of: "> of ").last {
            name = String(name[end.upperBound...])
        }
        name = name.replacing(/\(([^ ()]+) in _[0-9A-F]+\)/) { $0.output.1 }
        let parts = outside(name).split(separator: " in ").map { part in
            // Results and effects follow the name.
            let end = part.firstRange(of: /\ (->|throws|async)/)?.lowerBound ?? part.endIndex
            return part[..<end].split(separator: " ").joined(separator: " ")
        }
        return parts.joined(separator: " in ")
    }

    /// What stands in no bracket; the arrow is none.
    private static func outside(_ name: String) -> String {
        var depth = 0
        var text = ""
        var last: Character = " "
        for character in name {
            let isArrow = character == ">" && last == "-"
            last = character
            if character == "(" || character == "<" {
                depth += 1
            } else if character == ")" || character == ">", !isArrow {
                depth = max(0, depth - 1)
            } else if depth == 0 {
                text.append(character)
            }
        }
        return text
    }
}
