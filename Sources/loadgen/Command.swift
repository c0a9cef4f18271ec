import ArgumentParsing

/// A command of loadgen: what it takes and what it does, each in one file of Commands/.
protocol Command: Sendable {
    /// Its name, argument, flags and examples.
    static var syntax: CommandSyntax { get }
    /// Whether Ctrl-C ends it in order, with its evidence kept; any other command just ends.
    static var stopsInOrder: Bool { get }

    /// The command, about to run.
    init(call: Invocation)

    /// Does it.
    ///
    /// - Returns: what the shell is told.
    func run() async throws -> ExitCode
}

extension Command {
    static var stopsInOrder: Bool { false }
}
