import EventLoops
import FoundationEssentials
import Glibc
import MoonbaseNode

/// The process that owns the listening sockets and restarts the one that serves.
///
/// The port stays open while there is no worker: connections wait in its backlog.
struct Supervisor {
    /// Set in a worker's environment: the descriptors of its listener, its heartbeat, the lock of
    /// its data, and its admin listener if there is one.
    static let workerVariable = "MOONBASE_WORKER"

    private let configuration: NodeConfiguration
    private let words: [String]
    private let log: @Sendable (_ level: String, _ event: String, _ message: String) -> Void

    private let clock = MonotonicClock.system

    private static let timeFormat = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// Exit code of a crash loop: EX_SOFTWARE.
    private static let gaveUp: Int32 = 70

    init(_ configuration: NodeConfiguration, _ words: [String]) {
        self.configuration = configuration
        self.words = words
        let sink = Log(least: configuration.logLevel).sink
        log = { level, event, message in
            let time = Date().formatted(Self.timeFormat)
            sink(
                level,
                "{\"timestamp\":\"\(time)\",\"level\":\"\(level)\",\"event\":\"\(event)\","
                    + "\"message\":\"\(message)\"}")
        }
    }

    /// Listens, and keeps a worker until SIGTERM or a crash loop; the exit code.
    func run() throws -> Int32 {
        Signals.takeOver()
        let listener = try Listener(host: configuration.host, port: configuration.port)
        let admin = try configuration.adminPort.map {
            try Listener(host: "127.0.0.1", port: $0, isAdmin: true)
        }
        let folder = try DataFolder(configuration.data)
        defer { folder.end() }
        var policy = RestartPolicy()
        var hasAnnounced = false
        while true {
            let worker = try WorkerProcess(
                listener: listener, admin: admin, lock: folder.lock,
                words: words + ["--data", folder.path])
            var watch = WorkerWatch(startedAt: clock.nowNanoseconds)
            let end = wait(for: worker, &watch) {
                guard !hasAnnounced else {
                    return log("warn", "worker restarted", "the node serves again")
                }
                hasAnnounced = true
                announce(listener, admin, worker)
            }
            if case .stopped(let code) = end { return code }
            let life = watch.seconds(at: clock.nowNanoseconds)
            guard case .restart(let delay) = policy.ended(afterSeconds: life) else {
                log("error", "gave up", "the node has ended (\(end)) again and again; giving up")
                ServiceNotification.send("STATUS=crash loop, given up")
                return Self.gaveUp
            }
            log(
                "error", "worker died",
                "the node has ended (\(end)); it starts again in \(delay) ms")
            for _ in 0..<(delay / 10) where !Signals.isStopped { usleep(10_000) }
            if Signals.isStopped { return 0 }
        }
    }

    private func announce(_ listener: Listener, _ admin: Listener?, _ worker: WorkerProcess) {
        print("moonbase listens on http://\(configuration.host):\(listener.port)")
        if let admin { print("admin port: http://127.0.0.1:\(admin.port)") }
        print("worker process: \(worker.processID)")
        fflush(nil)
        ServiceNotification.send("READY=1\nMAINPID=\(getpid())")
    }

    /// Waits for the worker's end, or makes it where the worker hangs.
    private func wait(
        for worker: WorkerProcess, _ watch: inout WorkerWatch, whenReady: () -> Void
    ) -> WorkerWatch.End {
        while true {
            if Signals.isStopped, watch.stop(at: clock.nowNanoseconds) {
                kill(worker.processID, SIGTERM)
                ServiceNotification.send("STOPPING=1")
            }
            for beat in worker.beats(waitingMilliseconds: 100) {
                watch.beat(at: clock.nowNanoseconds, waited: worker.waitedNanoseconds)
                if beat == UInt8(ascii: "R") { whenReady() }
                ServiceNotification.send("WATCHDOG=1")
            }
            if let status = worker.status { return watch.end(status: status) }
            if watch.isSilent(at: clock.nowNanoseconds, waited: worker.waitedNanoseconds) {
                log("error", "worker hangs", "the node hangs, and is killed")
                kill(worker.processID, SIGKILL)
                worker.wait()
                return watch.end(status: nil)
            }
        }
    }

    // MARK: In the worker

    private static let inherited: [Int32] =
        getenv(workerVariable).map {
            String(cString: $0).split(separator: ",").compactMap { Int32($0) }
        }
        ?? []

    /// The socket that the supervisor has opened; `nil` without one.
    static var inheritedListener: Int32? { inherited.first }

    /// The admin socket that the supervisor has opened; `nil` without one.
    static var inheritedAdmin: Int32? { inherited.count > 3 ? inherited[3] : nil }

    /// The lock that the supervisor has of the data; `nil` without one.
    static var inheritedLock: Int32? { inherited.count > 2 ? inherited[2] : nil }

    /// Tells the supervisor that the worker lives.
    static func beat(_ byte: UInt8) {
        guard inherited.count > 1 else { return }
        var byte = byte
        _ = write(inherited[1], &byte, 1)
    }
}
