import CLinux
import Glibc

/// What a process needs of the system before it can do anything, or even say so.
///
/// Without a few descriptors the concurrency runtime ends the process; without threads it waits for
/// them without end. Neither says why.
public enum ProcessMinimum {
    /// Files, the control loop, the runtime's own, and what a run opens before it knows its load.
    public static let descriptors = 64
    /// The runtime has a thread for each core; the others are for signals and two loops.
    public static var threads: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) + 3 }

    private static let threadBytes = 64 << 10

    /// What this process lacks, and what to do about it; `nil` if it lacks nothing.
    ///
    /// A soft limit on descriptors that is too low is raised as far as the hard one lets it.
    public static func problem() -> String? {
        let limit = Descriptors.raiseLimit(to: descriptors)
        guard limit >= descriptors else {
            return "the system gives this process \(limit) descriptors, and it needs at least "
                + "\(descriptors); raise the limit (ulimit -n \(descriptors))"
        }
        return threadProblem(needed: threads)
    }

    /// What is missing where a process is to have so many more threads at once; `nil` if nothing.
    public static func threadProblem(needed: Int) -> String? {
        let found = startable(upTo: needed)
        guard found < needed else { return nil }
        return "the system lets this process start \(found) more threads, and it needs \(needed); "
            + "raise the limit on processes and threads (ulimit -u, or pids.max of the container)"
    }

    /// How many of so many threads can be at once; they end before it returns.
    private static func startable(upTo wanted: Int) -> Int {
        let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, threadBytes)
        pthread_mutex_init(gate, nil)
        defer {
            pthread_mutex_destroy(gate)
            pthread_attr_destroy(&attributes)
            gate.deallocate()
        }
        var threads: [pthread_t] = []
        pthread_mutex_lock(gate)
        while threads.count < wanted {
            var thread = pthread_t()
            let number = pthread_create(
                &thread, &attributes,
                { gate in
                    let gate = gate?.assumingMemoryBound(to: pthread_mutex_t.self)
                    if let gate, pthread_mutex_lock(gate) == 0 { pthread_mutex_unlock(gate) }
                    return nil
                }, gate)
            guard number == 0 else { break }
            threads.append(thread)
        }
        pthread_mutex_unlock(gate)
        for thread in threads { pthread_join(thread, nil) }
        return threads.count
    }
}
