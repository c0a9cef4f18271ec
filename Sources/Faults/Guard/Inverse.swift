/// What sets right one change that a fault makes, as plain data for the guard's journal.
public enum Inverse: Sendable, Equatable {
    /// Lets a stopped process go on.
    case resume(pid: Int32, start: UInt64)
    /// Ends a process that holds something for a fault.
    case kill(pid: Int32, start: UInt64)
    /// Gives a process its old limit back.
    case limit(pid: Int32, start: UInt64, resource: Int32, soft: UInt64, hard: UInt64)
    /// Thaws a control group of ours, moves its processes to `parent` and removes it.
    case group(path: String, parent: String)

    /// Removes a table of nftables, where this is still the network namespace that it is in.
    case table(name: String, namespace: UInt64)

    /// A line of the journal, without its end.
    var line: String {
        switch self {
        case .resume(let pid, let start): "continue\t\(pid)\t\(start)"
        case .kill(let pid, let start): "kill\t\(pid)\t\(start)"
        case .limit(let pid, let start, let resource, let soft, let hard):
            "rlimit\t\(pid)\t\(start)\t\(resource)\t\(soft)\t\(hard)"
        case .group(let path, let parent): "cgroup\t\(parent)\t\(path)"
        case .table(let name, let namespace): "nft\t\(namespace)\t\(name)"
        }
    }
}
