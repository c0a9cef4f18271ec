/// The pods and what stands on them, in memory: what lists and descriptions are answered from.
///
/// Storage decides; a change comes here once it is on disk. Only names that are being built or
/// deleted are known here first, so that two builders of one name never meet. Any thread.
final class PodBay: Sendable {
    struct State: Sendable {
        var pods: [String: Pod] = [:]
        var databases: [String: DatabaseRecord] = [:]
        /// Filesystems by name, with their pods.
        var filesystems: [String: String] = [:]
        var topics: [String: Set<String>] = [:]
        var containersStarted = 0
        var containersStopped = 0
        var delivered = 0
    }

    private let state: Locked<State>

    init(_ initial: State) {
        var initial = initial
        initial.containersStarted =
            initial.pods.values.reduce(0) { $0 + $1.running.count }
            + initial.databases.values.count(where: \.isOpen)
        state = Locked(initial)
    }

    /// A copy of everything at one moment.
    var snapshot: State { state.withLock { $0 } }

    // MARK: Looking up

    /// A pod that runs or is stopped, not one that is being built or deleted.
    ///
    /// - Throws: `Refusal` 404.
    func pod(_ name: String) throws(Refusal) -> Pod {
        guard let pod = state.withLock({ $0.pods[name] }), pod.phase == .running else {
            throw Refusal(404, "there is no pod \(name)")
        }
        return pod
    }

    /// - Throws: `Refusal` 404 where it is not there or closed.
    func openDatabase(_ name: String) throws(Refusal) -> DatabaseRecord {
        guard let record = state.withLock({ $0.databases[name] }), record.isOpen else {
            throw Refusal(404, "there is no open database \(name)")
        }
        return record
    }

    func database(_ name: String) -> DatabaseRecord? { state.withLock { $0.databases[name] } }

    /// The pod of a filesystem.
    ///
    /// - Throws: `Refusal` 404.
    func filesystem(_ name: String) throws(Refusal) -> String {
        guard let pod = state.withLock({ $0.filesystems[name] }) else {
            throw Refusal(404, "there is no filesystem \(name)")
        }
        return pod
    }

    /// The pod whose address this is.
    func pod(at address: String) -> Pod? {
        let parts = address.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5 || parts.count == 3, parts[0].isEmpty, parts[1] == "memory",
            let pod = try? pod(String(parts[2])),
            parts.count == 3 || (parts[3] == "p2p" && parts[4] == pod.peerID)
        else { return nil }
        return pod
    }

    // MARK: Building and deleting

    /// Takes a name for a pod that is going to be built.
    ///
    /// - Throws: `Refusal` 409 where it is taken.
    func reserve(_ name: String, process: String) throws(Refusal) {
        let isFree = state.withLock { state in
            guard state.pods[name] == nil else { return false }
            state.pods[name] = Pod(name: name, process: process, phase: .building)
            return true
        }
        if !isFree { throw Refusal(409, "there is a pod \(name)") }
    }

    /// The pod did not come to be; whatever of its stack had started is stopped.
    func release(_ name: String) {
        state.withLock { state in
            if state.pods[name]?.phase == .building { state.pods[name] = nil }
        }
    }

    /// The pod is on disk, and its stack runs.
    func built(_ name: String) {
        state.withLock { state in
            guard state.pods[name]?.phase == .building else { return }
            state.pods[name]?.phase = .running
            state.containersStarted += state.pods[name]?.containers.count ?? 0
        }
    }

    /// Hides a pod that is going to be deleted.
    ///
    /// - Throws: `Refusal` 404, or 409 where it is being built.
    func beginDelete(_ name: String) throws(Refusal) {
        let phase = state.withLock { state in
            let phase = state.pods[name]?.phase
            if phase == .running { state.pods[name]?.phase = .deleting }
            return phase
        }
        switch phase {
        case .running: return
        case .building: throw Refusal(409, "the pod \(name) is being built")
        default: throw Refusal(404, "there is no pod \(name)")
        }
    }

    func cancelDelete(_ name: String) {
        state.withLock { state in
            if state.pods[name]?.phase == .deleting { state.pods[name]?.phase = .running }
        }
    }

    /// The pod is gone from the disk, with everything that stood on it.
    func deleted(_ name: String) {
        state.withLock { state in
            guard let pod = state.pods.removeValue(forKey: name) else { return }
            let gone = state.databases.filter { $0.value.pod == name }
            state.containersStopped += pod.running.count + gone.values.count(where: \.isOpen)
            for database in gone.keys { state.databases[database] = nil }
            for (filesystem, owner) in state.filesystems where owner == name {
                state.filesystems[filesystem] = nil
            }
            for topic in state.topics.keys { state.unsubscribe(name, from: topic) }
            for other in pod.connections { state.pods[other]?.connections.remove(name) }
        }
    }

    // MARK: Changes that are on disk

    func opened(_ name: String, _ record: DatabaseRecord) {
        state.withLock { state in
            if state.databases[name]?.isOpen != true { state.containersStarted += 1 }
            state.databases[name] = record
        }
    }

    func closed(_ name: String) {
        state.withLock { state in
            guard state.databases[name]?.isOpen == true else { return }
            state.databases[name]?.isOpen = false
            state.containersStopped += 1
        }
    }

    func created(filesystem: String, on pod: String) {
        state.withLock { $0.filesystems[filesystem] = pod }
    }

    func subscribed(_ pod: String, to topic: String) {
        state.withLock { state in
            if state.pods[pod] != nil { state.topics[topic, default: []].insert(pod) }
        }
    }

    func set(_ pod: String, stopped: Set<String>, configuration: String?) {
        state.withLock { state in
            guard let before = state.pods[pod] else { return }
            state.containersStopped += stopped.subtracting(before.stopped).count
            state.containersStarted += before.stopped.subtracting(stopped).count
            state.pods[pod]?.stopped = stopped
            state.pods[pod]?.configuration = configuration ?? before.configuration
            if stopped.contains("libp2p") {
                for other in before.connections { state.pods[other]?.connections.remove(pod) }
                state.pods[pod]?.connections = []
            }
        }
    }

    // MARK: Changes in memory alone

    func connect(_ one: String, _ other: String) {
        state.withLock { state in
            guard state.pods[one] != nil, state.pods[other] != nil, one != other else { return }
            state.pods[one]?.connections.insert(other)
            state.pods[other]?.connections.insert(one)
        }
    }

    /// Hands a message to the subscribers that run; how many had it.
    func publish(to topic: String, reaches: (String) -> Bool) -> Int {
        let subscribers = state.withLock { state in
            (state.topics[topic] ?? []).filter {
                state.pods[$0]?.phase == .running
                    && state.pods[$0]?.stopped.contains("libp2p") == false
            }
        }
        let count = subscribers.count(where: reaches)
        state.withLock { $0.delivered += count }
        return count
    }
}

extension PodBay.State {
    mutating func unsubscribe(_ pod: String, from topic: String) {
        topics[topic]?.remove(pod)
        if topics[topic]?.isEmpty == true { topics[topic] = nil }
    }
}
