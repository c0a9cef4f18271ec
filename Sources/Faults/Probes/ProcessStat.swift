import Collector

/// What /proc/PID/stat says of a process.
struct ProcessStat: Equatable {
    /// `R`, `S`, `T` and so on, as in proc(5).
    let state: Character
    let parent: Int32
    /// CPU time that it has used, in clock ticks.
    let ticks: UInt64
    /// When it started, in clock ticks since boot.
    let start: UInt64

    /// Reads it; `nil` if there is no such process.
    init?(_ id: Int32) {
        guard let text = ProcessReader.contents("/proc/\(id)/stat"),
            let end = text.lastIndex(of: ")")
        else { return nil }
        // The name, in parentheses, may hold anything; the state is the third field.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let state = fields[0].first, let parent = Int32(fields[1]),
            let user = UInt64(fields[11]), let system = UInt64(fields[12]),
            let start = UInt64(fields[19])
        else { return nil }
        self.state = state
        self.parent = parent
        ticks = user + system
        self.start = start
    }

    /// Whether it is only waited for.
    var hasEnded: Bool { state == "Z" || state == "X" }

    /// Whether the process of this id and start lives.
    static func isAlive(_ id: Int32, start: UInt64) -> Bool {
        ProcessStat(id).map { $0.start == start && !$0.hasEnded } ?? false
    }
}
