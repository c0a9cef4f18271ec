/// How a kind of fault is written in a profile.
public struct FaultNotation: Sendable, Equatable {
    /// What a kind strikes.
    public enum Subject: Sendable { case processes, packets, connections, path, database }

    /// A setting that a kind may take, as its key is written.
    public enum Setting: String, Sendable, CaseIterable {
        case limit, share, by, jitter, rate, direction, plan
    }

    /// Its name, which is the key that the victim stands behind.
    public let name: String
    /// What it strikes.
    public let subject: Subject
    /// Whether it goes on until it is undone, and so needs `for`.
    public let isHeld: Bool
    /// What may be given beside the times.
    public let settings: [Setting]

    init(_ name: String, _ subject: Subject, isHeld: Bool = true, _ settings: Setting...) {
        self.name = name
        self.subject = subject
        self.isHeld = isHeld
        self.settings = settings
    }
}

/// Every kind of fault that a profile can name; `Faults` has a file that makes each.
public enum FaultNotations {
    /// The package's node misbehaves by its own hand.
    public static let injection = FaultNotation("injection", .processes, .plan)

    /// In the order of messages.
    public static let all = [
        FaultNotation("crash", .processes, isHeld: false),
        FaultNotation("stop", .processes, isHeld: false),
        FaultNotation("hang", .processes),
        FaultNotation("crash loop", .processes),
        FaultNotation("power cut", .processes, isHeld: false),
        FaultNotation("open files", .processes, .limit),
        FaultNotation("memory", .processes, .limit),
        FaultNotation("memory limit", .processes, .limit),
        FaultNotation("cpu", .processes, .share),
        FaultNotation("pids", .processes, .limit),
        FaultNotation("disk full", .path, .limit),
        FaultNotation("database lock", .database),
        injection,
        FaultNotation("loss", .packets, .share, .direction),
        FaultNotation("partition", .packets, .direction),
        FaultNotation("refuse", .connections),
        FaultNotation("black hole", .connections, .direction),
        FaultNotation("hold", .connections, .direction),
        FaultNotation("delay", .connections, .by, .jitter, .direction),
        FaultNotation("bandwidth", .connections, .rate),
        FaultNotation("reset", .connections),
        FaultNotation("half open", .connections),
        FaultNotation("truncation", .connections, .limit),
        FaultNotation("corruption", .connections, .share),
        FaultNotation("slow drip", .connections, .rate),
    ]

    /// The kind of a name; `nil` if there is none.
    public static func named(_ name: String) -> FaultNotation? { all.first { $0.name == name } }
}
