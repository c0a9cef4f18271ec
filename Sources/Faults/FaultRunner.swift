public import EventLoops
public import Profiles

/// Strikes and undoes the faults of one run, with a guard that undoes them whatever happens.
///
/// Confined to its loop, whose clock is the run's.
public final class FaultRunner {
    /// A fault that is held.
    private struct Held {
        let fault: any Fault
        let journal: FaultJournal
        let isSham: Bool
    }

    private let run: String
    private let loop: EventLoop
    private let guardProgram: String
    private let keeper: FaultGuard
    private var held: [Int: Held] = [:]
    private var count = 0

    /// How much later than its own end a fault is undone by the guard: this process then hangs.
    private static let graceNanoseconds: UInt64 = 2_000_000_000
    /// The guard's table.
    private static let maximumFaults = 4095

    /// Starts the guard, before anything is struck.
    ///
    /// - Parameters:
    ///   - run: the run's name, of letters, digits and `-`, which whatever is added to the system
    ///     has in its own.
    ///   - journals: the folder of journals; the user's if it is `nil`.
    /// - Throws: `FaultError` if there can be no guard: then nothing may be struck.
    public init(
        run: String, loop: EventLoop, guardProgram: String, journals: String? = nil
    ) throws(FaultError) {
        precondition(
            !run.isEmpty
                && run.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") },
            "\(run) is not a run's name")
        self.run = run
        self.loop = loop
        self.guardProgram = guardProgram
        let folder: String
        if let journals { folder = journals } else { folder = try JournalFolder.make() }
        keeper = try FaultGuard(program: guardProgram, journal: "\(folder)/\(run).journal")
    }

    /// The guard's process id.
    public var guardID: Int32 { keeper.processID }

    /// Strikes once, and looks whether it has struck.
    ///
    /// - Parameters:
    ///   - kind: one of `FaultKinds`.
    ///   - victim: what is struck.
    ///   - duration: how long it is to be held; the guard undoes it 2 s after that in any case.
    ///   - isSham: whether everything is done but the change itself, and no probe looks.
    /// - Returns: what became of it; `problem` says why nothing was struck, and what was changed
    ///   until then has been undone.
    public func strike(
        _ kind: any Fault.Type, _ victim: FaultScene.Victim,
        settings: FaultSettings = FaultSettings(), for duration: Duration, isSham: Bool = false
    ) async -> FaultRecord {
        count += 1
        var record = FaultRecord(id: count, kind: kind.name, strikeBegan: loop.nowNanoseconds)
        do throws(FaultError) {
            guard count <= Self.maximumFaults else {
                throw FaultError(
                    "a run strikes \(Self.maximumFaults) times at most", hint: "make another run")
            }
            if case .unavailable(let reason) = kind.availability() {
                throw FaultError("\(kind.name) does not work here: \(reason)", hint: "leave it out")
            }
            let scene = FaultScene(
                victim: victim, settings: settings, length: duration, loop: loop, run: run,
                guardProgram: guardProgram)
            let fault = try kind.init(scene)
            try await fault.prepare()
            let journal = FaultJournal(
                keeper: keeper, id: count,
                deadlineNanoseconds: MonotonicClock.system.nowNanoseconds + duration.nanoseconds
                    + Self.graceNanoseconds)
            held[count] = Held(fault: fault, journal: journal, isSham: isSham)
            record.strikeBegan = loop.nowNanoseconds
            if isSham {
                keeper.note("sham \(count)")
                record.mechanism = "nothing was changed"
                return record
            }
            try await fault.apply(journal)
            keeper.note("applied \(count)")
            record.mechanism = fault.mechanism
            record.effect = await fault.probeEffect()
            record.effectSeen = loop.nowNanoseconds
            keeper.note("proven \(count) \(record.effect?.word ?? "")")
        } catch {
            let undone = await undo(record)
            record = undone
            record.problem = error
        }
        return record
    }

    /// Undoes a fault, and looks whether everything is as before; nothing if it is undone.
    public func undo(_ record: FaultRecord) async -> FaultRecord {
        guard let one = held.removeValue(forKey: record.id) else { return record }
        var record = record
        record.undoBegan = loop.nowNanoseconds
        await one.fault.release()
        do throws(FaultError) { try keeper.undo(record.id) } catch { record.problem = error }
        if one.isSham { return record }
        record.undo = await one.fault.probeUndo()
        record.undoSeen = loop.nowNanoseconds
        keeper.note("undo-proven \(record.id) \(record.undo?.word ?? "")")
        return record
    }

    /// Undoes what is still held, the last first, and ends the guard.
    public func close() async {
        for id in held.keys.sorted(by: >) {
            await held[id]?.fault.release()
        }
        held = [:]
        keeper.close()
    }
}
