import Glibc

/// Descriptors: how many this process may have, and how many a process has.
public enum Descriptors {
    /// The most for which a process makes room before it needs them.
    private static let reserved = 16_384
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// Raises the soft limit on descriptors towards the hard one.
    ///
    /// - Returns: the limit; 1,024 where the system does not tell it.
    @discardableResult
    public static func raiseLimit(to most: Int = .max) -> Int {
        var limit = rlimit()
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
    /// more, in which its loop serves nothing. The limit stays what it was, since programs that
    /// are started later inherit it.
    public static func reserve() {
        var before = rlimit()
        guard getrlimit(resource, &before) == 0 else { return }
        let last = min(raiseLimit(), reserved) - 1
        let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let copy = fcntl(file, F_DUPFD_CLOEXEC, Int32(last))
        for descriptor in [copy, file] where descriptor >= 0 { close(descriptor) }
        _ = setrlimit(resource, &before)
    }

    /// How many a process has open, by its id or `self`; `nil` if that cannot be read.
    ///
    /// The kernel gives the number as the folder's size (since Linux 6.2). To list the folder takes
    /// it a millisecond for a thousand files, during which no other thread gets this core.
    public static func count(openIn process: String) -> Int? {
        let path = "/proc/\(process)/fd"
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_size > 0 ? Int(status.st_size) : entries(of: path)
    }

    static func entries(of path: String) -> Int? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return max(0, count - 2)  // Without . and ..
    }
}
