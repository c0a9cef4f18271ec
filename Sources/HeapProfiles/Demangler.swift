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

    /// Without what the compiler made of a function, and the tag of its file.
    ///
    /// `function signature specialization <...> of A.B.(c in _0123AB)(Swift.Int) -> ()` is the
    /// function `A.B.c(Swift.Int) -> ()`.
    static func short(_ name: String) -> String {
        var name = name
        if name.contains(" specialization <"), let end = name.ranges(of: "> of ").last {
            name = String(name[end.upperBound...])
        }
        return name.replacing(/\(([^ ()]+) in _[0-9A-F]+\)/) { $0.output.1 }
    }
}
