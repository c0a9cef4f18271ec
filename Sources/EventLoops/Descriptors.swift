import Glibc

/// The descriptors that this process may have.
public enum Descriptors {
    /// The most connections for which a process makes room before it has any.
    private static let reserved = 16_384

    /// Raises the soft limit on descriptors towards the hard one.
    ///
    /// - Returns: the limit; 1,024 where the system does not tell it.
    @discardableResult
    public static func raiseLimit(to most: Int = .max) -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, rlim_t(most)))
        _ = setrlimit(resource, &limit)
        return Int(clamping: limit.rlim_cur)
    }

    /// Makes the kernel's table of this process's descriptors large at once; call it before there
    /// are threads.
    ///
    /// The table of a process with threads grows in steps, at 64, 128, 256 descriptors and so on,
    /// and each step holds the thread that opens one for a grace period of the kernel, 20 ms and
    /// more, in which its loop serves nothing.
    public static func reserve() {
        let last = min(raiseLimit(), reserved) - 1
        let copy = fcntl(0, F_DUPFD_CLOEXEC, Int32(last))
        if copy >= 0 { close(copy) }
    }
}
