import CElfutils
import Glibc

/// The names of functions by their addresses in a process that had these files mapped.
///
/// Used by one task at a time.
public final class SymbolTable {
    private let files: OpaquePointer?
    private var names: [UInt64: String] = [:]

    /// A table of the files of /proc/PID/maps, as far as they are still on this machine.
    public init(maps: String) {
        files = elfutils_open(maps, maps.utf8.count)
    }

    deinit { if let files { dwfl_end(files) } }

    /// The names of a stack's return addresses, the innermost first, without the allocator's own.
    public func frames(_ stack: [UInt64]) -> [String] {
        let allocator = stack.prefix { file($0)?.name.contains("/libjemalloc.so") ?? false }
        return stack.dropFirst(allocator.count).map(name)
    }

    /// The function that a call returns to; file and offset where it has no name.
    private func name(_ address: UInt64) -> String {
        if let known = names[address] { return known }
        let name = lookUp(address)
        names[address] = name
        return name
    }

    private func lookUp(_ address: UInt64) -> String {
        // The call is before the address that it returns to, which may be another function's.
        let call = address - min(address, 1)
        if let files, let name = elfutils_function(files, call) {
            return Demangler.name(String(cString: name))
        }
        guard let (name, start) = file(call) else { return "0x" + String(address, radix: 16) }
        let last = name.split(separator: "/").last ?? "?"
        return "\(last)+0x" + String(call - start, radix: 16)
    }

    private func file(_ address: UInt64) -> (name: String, start: UInt64)? {
        var start: UInt64 = 0
        guard let files, let name = elfutils_file(files, address, &start) else { return nil }
        return (String(cString: name), start)
    }
}
