/// A pod with its one stack.
struct Pod: Sendable {
    enum Phase: Sendable { case building, running, deleting }

    let name: String
    /// The top of its stack.
    let process: String
    var phase: Phase
    /// The containers that do not run, of those that the stack has.
    var stopped: Set<String> = []
    var configuration: String?
    /// The pods that it has dialled or that have dialled it.
    var connections: Set<String> = []

    /// The containers of its stack, the lowest first.
    var containers: [String] { Self.stacks[process] ?? [process] }

    /// The containers that run, the lowest first.
    var running: [String] { containers.filter { !stopped.contains($0) } }

    func has(_ container: String) -> Bool { containers.contains(container) }

    /// A container and those that it depends on, itself first.
    func chain(from container: String) -> [String] {
        guard let place = containers.firstIndex(of: container) else { return [] }
        return containers[...place].reversed()
    }

    /// Which containers do not run after `container` (all if it is `nil`) was started or stopped: a
    /// container runs only over those that it depends on.
    func stopped(after state: String, of container: String?) -> Set<String> {
        let place = container.flatMap { containers.firstIndex(of: $0) }
        switch state {
        case "stop": return stopped.union(containers[(place ?? 0)...])
        case "start": return stopped.subtracting(containers[...(place ?? containers.count - 1)])
        default:
            // Restarting one restarts what stands on it, and starts what it stands on.
            return stopped.subtracting(containers[...(place ?? containers.count - 1)])
        }
    }

    var peerID: String { PeerID.text(of: name) }
    var address: String { "/memory/\(name)/p2p/\(peerID)" }

    /// What each process stands on, the lowest first.
    static let stacks = [
        "libp2p": ["libp2p"], "ipfs": ["libp2p", "ipfs"], "orbitdb": ["libp2p", "ipfs", "orbitdb"],
        "gossipsub": ["libp2p", "gossipsub"], "filesystem": ["libp2p", "ipfs", "filesystem"],
    ]

    /// The protocols that each container speaks.
    static let protocols = [
        "libp2p": ["/ipfs/id/1.0.0", "/ipfs/ping/1.0.0"], "ipfs": ["/ipfs/bitswap/1.2.0"],
        "orbitdb": ["/orbitdb/heads/1.0.0"], "gossipsub": ["/meshsub/1.1.0"],
        "filesystem": ["/ipfs/unixfs/1.0.0"],
    ]
}

/// A database that the node knows, open or closed.
struct DatabaseRecord: Sendable {
    /// Its number in storage, which no other database ever gets.
    let id: Int64
    let type: String
    let pod: String
    var isOpen: Bool
}
