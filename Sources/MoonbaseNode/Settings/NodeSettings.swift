public import EventLoops

/// What a node is started with.
public struct NodeSettings: Sendable {
    /// Where it keeps its data.
    public var folder: String
    /// The folder's lock; `nil` to take it.
    public var lock: FolderLock?
    /// The name of SQLite's access to files; `nil` for the system's own.
    public var vfs: String?
    /// Whether many writes share a commit; switched off to compare with.
    public var hasGroupCommit = true
    /// What goes wrong on purpose; nothing where it is empty.
    public var plan = InjectionPlan()
    /// What it measures time by.
    public var clock = MonotonicClock.system
    /// Takes every entry of the logbooks as a line of JSON with its level.
    public var log: (@Sendable (_ level: String, _ line: String) -> Void)?

    /// Settings for a folder.
    public init(folder: String) { self.folder = folder }
}
