import EventLoops
import Exchanges
import Faults
import Glibc
import Profiles
import Sockets
import Targets

/// Strikes a node of loadgen's own with one kind after another, and prints what probes have seen.
struct ChaosTrial {
    let kinds: [any Fault.Type]
    /// How long each is held.
    let seconds: Double
    /// Where disks are filled and databases locked; `nil` to leave that out.
    let path: String?
    /// What is struck instead of a node; `nil` for a node of loadgen's own.
    let process: Int32?

    /// A node that starts its worker again, with a proxy before it.
    private final class Stage {
        let target: RunningTarget
        let proxy: FaultProxy
        let port: Int

        init(_ loop: EventLoop, logPath: String) async throws {
            let setting = RunningTarget.Setting(
                loop: loop, nodeExecutable: ProgramFile.besideOwn("moonbase"),
                network: Network(), logPath: logPath)
            target = try await RunningTarget.start(
                .command([
                    "moonbase", "--port", "{port}", "--supervise", "true", "--admin-port",
                    "{admin-port}", "--vfs", "unsynced",
                ]), setting)
            port = target.url.split(separator: ":").last.flatMap { Int($0) } ?? 0
            proxy = try FaultProxy(
                on: loop, to: try Endpoint(host: "127.0.0.1", port: port).address, seed: 1)
        }

        /// Whether its first process lives, and it answers.
        func isWhole() async -> Bool {
            guard let id = target.processID, kill(id, 0) == 0 else { return false }
            return await target.answers()
        }

        func end() {
            proxy.stop()
            target.stop()
        }
    }

    /// Does it.
    ///
    /// - Returns: `.pass` if every fault that works here has struck and was undone, as far as
    ///   probes can tell; `.fail` if one did not.
    func run() async throws -> ExitCode {
        let loop = try EventLoop(name: "chaos")
        return try await withTaskExecutorPreference(loop) { try await run(on: loop) }
    }

    private func run(on loop: EventLoop) async throws -> ExitCode {
        let runner = try FaultRunner(
            run: "try-\(getpid())", loop: loop, guardProgram: ChaosCommand.guardProgram)
        Terminal.write(Self.row("fault", "struck", "undone", "seen") + "\n")
        var stage: Stage?
        var isGood = true
        for kind in kinds {
            let subject = FaultNotations.named(kind.name)?.subject
            if let obstacle = obstacle(to: kind, subject) {
                Terminal.write(Self.row(kind.name, "-", "-", obstacle) + "\n")
                continue
            }
            if let present = stage, await !present.isWhole() {
                present.end()
                stage = nil
            }
            if stage == nil, process == nil {
                stage = try await Stage(loop, logPath: "/dev/null")
            }
            let record = await strike(kind, subject, stage, runner, loop)
            if record.effect?.word == "no" || record.undo?.word == "no" || record.problem != nil {
                isGood = false
            }
        }
        await runner.close()
        stage?.end()
        return isGood ? .pass : .fail
    }

    /// Why a kind is left out; `nil` if it is not.
    private func obstacle(
        to kind: any Fault.Type, _ subject: FaultNotation.Subject?
    ) -> String? {
        if case .unavailable = kind.availability() { return "does not work here" }
        switch subject {
        case .path: return path == nil ? "needs --path" : nil
        case .database: return process != nil && path == nil ? "needs --path" : nil
        case .packets: return process == nil ? nil : "has no network of its own with --pid"
        case .connections: return process == nil ? nil : "has no proxy before --pid"
        default:
            if process != nil, kind.name == FaultNotations.injection.name {
                return "needs a node of loadgen's"
            }
            let isDeadly = ["crash", "stop", "crash loop", "power cut"].contains(kind.name)
            return process != nil && isDeadly ? "would end the process" : nil
        }
    }

    private func strike(
        _ kind: any Fault.Type, _ subject: FaultNotation.Subject?, _ stage: Stage?,
        _ runner: FaultRunner, _ loop: EventLoop
    ) async -> FaultRecord {
        var settings = FaultSettings()
        var victim = FaultScene.Victim.path
        if subject == .path {
            settings.path = path
        } else if subject == .database, let path {
            settings.path = "\(path)/try.sqlite"
        } else if subject == .packets, let stage {
            victim = .packets(port: stage.port)
        } else if subject == .connections, let stage {
            victim = .proxy(stage.proxy)
        } else {
            victim = .processes([process ?? stage?.target.processID ?? 0])
        }
        let begin = loop.nowNanoseconds
        var record = await runner.strike(
            kind, victim, settings: settings, for: .seconds(seconds))
        await loop.sleep(until: begin + UInt64(seconds * 1e9))
        record = await runner.undo(record)
        let seen = record.problem?.description ?? record.effect?.text ?? ""
        Terminal.write(
            Self.row(record.kind, record.effect?.word ?? "-", record.undo?.word ?? "-", seen)
                + "\n")
        return record
    }

    private static func row(_ kind: String, _ struck: String, _ undone: String, _ seen: String)
        -> String
    {
        ChaosCommand.column(kind, 15) + ChaosCommand.column(struck, 9)
            + ChaosCommand.column(undone, 9) + seen
    }
}
