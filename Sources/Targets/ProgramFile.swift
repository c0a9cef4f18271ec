import FoundationEssentials
import Glibc

/// The file behind a command, as far as it decides whether a library can be loaded into it.
public enum ProgramFile {
    /// Why the probe cannot be loaded into a program, in words; `nil` if it can.
    ///
    /// - Parameter name: as in a command: a path, or a name that is looked up on the PATH.
    public static func obstacle(_ name: String) -> String? {
        var name = name
        // A script names its interpreter, which may be one, too.
        for _ in 0..<4 {
            guard let path = path(of: name), let head = head(of: path) else { return nil }
            if head.starts(with: Array("#!".utf8)) {
                let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
                let words = String(decoding: line, as: UTF8.self).split(separator: " ")
                guard let first = words.first else { return nil }
                let isFinder = first.hasSuffix("/env")
                guard let next = isFinder ? words.dropFirst().first : first else { return nil }
                name = String(next)
                continue
            }
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & UInt32(S_ISUID | S_ISGID) != 0,
                geteuid() != 0
            {
                return "\(path) runs as another user, which LD_PRELOAD has no effect on"
            }
            return isStatic(head)
                ? "\(path) is statically linked, so nothing can be loaded into it" : nil
        }
        return nil
    }

    /// The path of a file in the folder of this program, as moonbase is beside loadgen.
    public static func besideOwn(_ name: String) -> String {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(
            decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/\(name)"
    }

    static func path(of name: String) -> String? {
        if name.contains("/") { return name }
        let places = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return places.split(separator: ":").map { "\($0)/\(name)" }
            .first { access($0, X_OK) == 0 }
    }

    private static func head(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    /// Whether an ELF file of 64 bits asks for no dynamic linker; the layout is elf(5)'s.
    static func isStatic(_ head: [UInt8]) -> Bool {
        func number(_ offset: Int, _ size: Int) -> Int? {
            guard offset >= 0, offset + size <= head.count else { return nil }
            return head[offset..<offset + size].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), let table = number(32, 4),
            let size = number(54, 2), let count = number(56, 2), count > 0
        else { return false }
        let interpreter = 3
        return !(0..<count).contains { number(table + $0 * size, 4) == interpreter }
    }
}
