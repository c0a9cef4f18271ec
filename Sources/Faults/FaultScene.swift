import Collector
public import EventLoops
public import Profiles

/// Whom a fault strikes, how hard, and what it is made with.
public struct FaultScene {
    /// What is struck.
    public enum Victim {
        /// These processes, and all that they have started.
        case processes([Int32])
        /// All that these processes have started, and not themselves: they may start it again.
        case workers(of: [Int32])
        /// Whoever listens on a TCP port of this machine when the fault strikes.
        case listener(port: Int)
        /// What stands behind a proxy of loadgen's.
        case proxy(FaultProxy)
        /// Packets of TCP to and from a port of this machine.
        case packets(port: Int)
        /// A folder or a file, which the settings name.
        case path
    }

    /// What is struck.
    public let victim: Victim
    /// How hard.
    public let settings: FaultSettings
    /// How long it is to be held.
    public let length: Duration
    /// Where it is made, and waits.
    public let loop: EventLoop
    /// The run's name; whatever a fault adds to the system has it in its own.
    public let run: String
    /// The program that guards the undoing, and holds locks.
    public let guardProgram: String

    /// A scene from its parts.
    public init(
        victim: Victim, settings: FaultSettings = FaultSettings(), length: Duration,
        loop: EventLoop, run: String, guardProgram: String
    ) {
        self.victim = victim
        self.settings = settings
        self.length = length
        self.loop = loop
        self.run = run
        self.guardProgram = guardProgram
    }

    /// The processes that the victim grows from, now.
    func roots() throws(FaultError) -> [Int32] {
        switch victim {
        case .processes(let ids): return ids
        case .workers(let ids):
            let workers = ProcessTree(roots: ids).members.filter { !ids.contains($0) }
            guard !workers.isEmpty else {
                throw FaultError(
                    "the target has started no process that could be struck",
                    hint: "start it with a supervisor, or give target instead of workers")
            }
            return workers
        case .listener(let port):
            guard let tree = ProcessTree.listening(on: port) else {
                throw FaultError(
                    "no process listens on port \(port)",
                    hint: "name a port of this machine, or a pid")
            }
            return tree.roots
        case .proxy, .packets, .path:
            throw FaultError(
                "this fault strikes processes",
                hint: "give target, workers, { pid: N } or { port: N }")
        }
    }

    /// Every process of the victim now, held so that no other can take its place.
    func tree() throws(FaultError) -> [HeldProcess] {
        var held: [HeldProcess] = []
        // One that ends between the look and the hold is none of it any more.
        for id in ProcessTree(roots: try roots()).members {
            if let process = try HeldProcess.ifAlive(id) { held.append(process) }
        }
        guard !held.isEmpty else {
            throw FaultError(
                "none of the processes lives that are to be struck",
                hint: "see that the target still runs when the fault is due")
        }
        return held
    }

    /// How long a probe of the effect may take, so that the fault is not held for its sake.
    func patience(milliseconds: Int) -> Int {
        min(milliseconds, Int(length.nanoseconds / 2_000_000))
    }

    /// Waits for `isTrue`, for so long at most; whether it became true.
    func wait(
        milliseconds: Int, until isTrue: () -> Bool
    ) async -> Bool {
        let end = loop.nowNanoseconds + UInt64(milliseconds) * 1_000_000
        while !isTrue() {
            guard loop.nowNanoseconds < end else { return false }
            await loop.sleep(until: loop.nowNanoseconds + 1_000_000)
        }
        return true
    }
}
