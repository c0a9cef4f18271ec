import Glibc

/// A system call that failed: its name, the error number, and what was asked.
public struct SystemCallError: Error, Sendable, CustomStringConvertible {
    /// The call, as in `connect`.
    public let call: String
    /// The C library's errno.
    public let number: Int32
    /// What it was called for, as in an address or a path; may be empty.
    public let subject: String

    /// An error from its parts.
    public init(call: String, number: Int32, subject: String = "") {
        self.call = call
        self.number = number
        self.subject = subject
    }

    /// The call, its subject and the system's words for the error.
    public var description: String {
        let words = String(cString: strerror(number))
        return subject.isEmpty ? "\(call): \(words)" : "\(call) \(subject): \(words)"
    }
}

/// What a system call on a non-blocking descriptor came to.
public enum SystemCallResult: Sendable {
    /// It returned this value, 0 or above.
    case value(Int)
    /// It would have blocked.
    case wouldBlock
    /// It failed with this errno.
    case failed(Int32)
}

/// Calls `body`, which sets errno on failure, again while it is interrupted; a would-block is a
/// value, a bad descriptor is a bug.
public func systemCall(_ body: () -> Int) -> SystemCallResult {
    directCall {
        let result = body()
        return result < 0 ? -Int(errno) : result
    }
}

/// Likewise, for a `body` that returns its errno as a negative number.
@inlinable @inline(__always)
public func directCall(_ body: () -> Int) -> SystemCallResult {
    while true {
        let result = body()
        if result >= 0 { return .value(result) }
        if let failure = failure(-result) { return failure }
    }
}

/// What an errno says; `nil` if the call is to be repeated.
@usableFromInline
func failure(_ number: Int) -> SystemCallResult? {
    let number = Int32(truncatingIfNeeded: number)
    if number == EINTR { return nil }
    if number == EAGAIN || number == EINPROGRESS { return .wouldBlock }
    precondition(number != EBADF && number != EFAULT, "a descriptor or a buffer is not ours")
    return .failed(number)
}
