import Glibc

/// The process's environment, read when a run is made ready.
package enum EnvironmentVariable {
    /// The variable's value; `nil` if it is not set.
    package static func value(of name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
