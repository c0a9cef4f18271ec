/// What a profile drives.
public enum Target: Sendable, Equatable {
    /// The reference node, started on a free loopback port for the run.
    case embedded
    /// An absolute `http://` URL with host, port and an optional path prefix, as written.
    case url(String)
    /// A command that starts it for the run, as a shell would read it; `{port}` in it stands for a
    /// free port, else it prints its URL.
    case command(String)

    /// Whether it is another service than the reference node that comes with the package; false
    /// for what is no target.
    var isElsewhere: Bool {
        switch self {
        case .embedded: false
        case .url(let text): text.hasPrefix("http://") || text.hasPrefix("https://")
        case .command: true
        }
    }
}

/// Whose memory is read, and how, where the target itself does not say it.
public struct Watch: Sendable, Equatable {
    /// What a target is loaded with that a command starts.
    public enum Probe: String, Sendable, CaseIterable {
        /// jemalloc, and what publishes its figures.
        case figures
        /// The same with heap profiles, so that a leak is named by its stacks.
        case stacks
    }

    /// A process of this machine; with it all that it has started.
    public var process: Int32?
    /// The TCP port of this machine that the watched process listens at, where requests go to
    /// another, as to a proxy before it.
    public var port: Int?
    /// `nil` if the command is started as it is.
    public var probe: Probe?

    /// Nothing but what the target says.
    public init() {}
}
