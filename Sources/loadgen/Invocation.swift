import ArgumentParsing
import Glibc
import Profiles
import Targets

/// One call of a command: what it was given, and where it finds profiles and results.
struct Invocation: Sendable {
    let arguments: Arguments
    /// The words after `loadgen`, the command's name first.
    let words: [String]
    /// The way to end a run early; signals have it too.
    let control: RunControl

    /// The folder of the package, which Scripts/loadgen sets; the present folder else.
    var home: String { getenv("LOADGEN_HOME").map { String(cString: $0) } ?? "." }

    var library: ProfileLibrary { ProfileLibrary(folder: "\(home)/Profiles") }

    /// The whole command, as a run's evidence keeps it.
    var command: [String] { ["loadgen"] + words }
}
