import Collector

/// What /proc/PID/limits and its neighbours say of a process.
enum ProcessLimits {
    /// The soft limit of a line, `UInt64.max` for `unlimited`; `nil` if there is no such process.
    static func soft(_ title: String, of id: Int32) -> UInt64? {
        let text = ProcessReader.contents("/proc/\(id)/limits") ?? ""
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(title) }),
            let word = line.dropFirst(title.count).split(separator: " ").first
        else { return nil }
        return word == "unlimited" ? .max : UInt64(word)
    }

    /// The size of the address space, in bytes.
    static func addressSpace(of id: Int32) -> UInt64? {
        let text = ProcessReader.contents("/proc/\(id)/statm") ?? ""
        return text.split(separator: " ").first.flatMap { UInt64($0) }.map { $0 * 4096 }
    }
}
