import CLinux
import Glibc

/// A limit of running processes that is lowered and given back; their hard limits stay as they are.
struct ResourceLimit {
    /// As prlimit(2) has it.
    let resource: Int32
    /// The line of /proc/PID/limits that a probe looks at.
    let title: String
    private(set) var lowered: [(process: HeldProcess, old: UInt64, new: UInt64)] = []

    init(resource: Int32, title: String) {
        self.resource = resource
        self.title = title
    }

    /// Lowers it for each process to what `value` says of it, unless it is lower.
    mutating func lower(
        _ tree: [HeldProcess], _ journal: FaultJournal, to value: (Int32) -> UInt64?
    ) throws(FaultError) {
        for process in tree {
            guard let value = value(process.id) else { continue }
            var old: [UInt64] = [0, 0]
            guard try call(process, new: nil, old: &old), value < old[0] else { continue }
            try journal.intend([
                .limit(
                    pid: process.id, start: process.start, resource: resource, soft: old[0],
                    hard: old[1])
            ])
            if try call(process, new: [value, old[1]], old: &old) {
                lowered.append((process, old[0], value))
            }
        }
    }

    /// False if the process has ended meanwhile.
    private func call(
        _ process: HeldProcess, new: [UInt64]?, old: inout [UInt64]
    ) throws(FaultError) -> Bool {
        let result = old.withUnsafeMutableBytes { old in
            (new ?? []).withUnsafeBytes { bytes in
                linux_call(
                    Int(SYS_prlimit64), Int(process.id), Int(resource),
                    new == nil ? 0 : Int(bitPattern: bytes.baseAddress),
                    Int(bitPattern: old.baseAddress), 0, 0)
            }
        }
        guard result >= 0 else {
            if result == -Int(ESRCH) { return false }
            throw FaultError(
                "the limits of process \(process.id) cannot be changed: "
                    + String(cString: strerror(Int32(-result))),
                hint: "run loadgen as the user of the target")
        }
        return true
    }

    /// The limit of a process as /proc has it, `UInt64.max` for none; `nil` if it has ended.
    func seen(_ id: Int32) -> UInt64? {
        ProcessLimits.soft(title, of: id)
    }

    /// Whether every process that lives has it as `wanted` says.
    func probe(_ wanted: KeyPath<(process: HeldProcess, old: UInt64, new: UInt64), UInt64>) -> Proof
    {
        var words: [String] = []
        for one in lowered {
            guard let seen = seen(one.process.id),
                ProcessStat.isAlive(one.process.id, start: one.process.start)
            else { continue }
            let text = "process \(one.process.id) may have \(seen), by /proc"
            if seen != one[keyPath: wanted] { return .refuted(text) }
            words.append(text)
        }
        return words.isEmpty
            ? .unknown("no process is left whose limit was lowered")
            : .proven(words.joined(separator: ", "))
    }
}
