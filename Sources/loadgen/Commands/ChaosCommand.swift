import ArgumentParsing
import Faults
import Profiles
import Schedules
import Targets

struct ChaosCommand: Command {
    static let syntax = CommandSyntax(
        name: "chaos", argument: "ACTION",
        summary: "list faults, plan PROFILE, try KIND..., or undo what a killed run left",
        flags: [
            Flag(
                name: "--for", value: "TIME", help: "try: how long each fault is held; 0.5s"),
            Flag(
                name: "--path", value: "FOLDER",
                help: "try: a small disk to fill, with try.sqlite to lock"),
            Flag(
                name: "--pid", value: "NUMBER",
                help: "try: strike this process, and spare it crash, stop and crash loop"),
            Flag(name: "--seed", value: "NUMBER", help: "plan: the seed of the schedule"),
            .set,
        ],
        examples: [
            "loadgen chaos list", "loadgen chaos plan PROFILE",
            "loadgen chaos try hang delay --for 1s", "loadgen chaos undo",
        ]
    ).taking(upTo: 40)

    let call: Invocation

    static var guardProgram: String { ProgramFile.besideOwn("chaos-guard") }

    /// Lists what works here, plans, tries or undoes.
    func run() async throws -> ExitCode {
        let words = Array(call.arguments.arguments.dropFirst())
        switch (call.arguments.argument, words.count) {
        case ("list", 0):
            for kind in FaultKinds.all { Terminal.write("\(Self.line(of: kind))\n") }
        case ("undo", 0):
            let text = try JournalFolder.undoLeft(guardProgram: Self.guardProgram)
            Terminal.write(text.isEmpty ? "no fault is left of an earlier run\n" : text)
        case ("plan", 1):
            let (profile, _) = try call.load(named: words[0])
            return try plan(profile)
        case ("try", _):
            let kinds = try kinds(words)
            let process = try call.arguments.number("--pid", in: 2...4_194_304).map { Int32($0) }
            let hasPackets = kinds.contains { kind in
                guard case .works = kind.availability() else { return false }
                return FaultNotations.named(kind.name)?.subject == .packets
            }
            if hasPackets, process == nil, !OwnNetwork.isEntered { throw OwnNetwork.enter() }
            return try await ChaosTrial(
                kinds: kinds, seconds: try call.arguments.duration("--for") ?? 0.5,
                path: call.arguments.value("--path"),
                process: process
            ).run()
        default:
            throw UsageError(
                "chaos wants list, plan PROFILE, try [KIND...], or undo, as in: "
                    + Self.syntax.examples[0])
        }
        return .pass
    }

    /// The kinds of these names; all if there are none.
    private func kinds(_ names: [String]) throws(UsageError) -> [any Fault.Type] {
        var kinds: [any Fault.Type] = []
        for name in names {
            guard let kind = FaultKinds.named(name) else {
                throw UsageError(
                    "\"\(name)\" is no kind of fault; there are "
                        + FaultKinds.all.map { $0.name }.joined(separator: ", "))
            }
            kinds.append(kind)
        }
        return names.isEmpty ? FaultKinds.all : kinds
    }

    private static func line(of kind: any Fault.Type) -> String {
        let (word, text) =
            switch kind.availability() {
            case .works(let mechanism): ("works", mechanism)
            case .unavailable(let reason): ("not here", reason)
            }
        return column(kind.name, 15) + column(word, 10) + text
    }

    static func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    // MARK: plan

    /// Prints each strike; a fault that must not be made, or cannot be here, is no plan.
    private func plan(_ profile: Profile) throws -> ExitCode {
        let schedule = FaultSchedule(profile)
        var isPossible = true
        for fault in profile.faults {
            if let problem = FaultPermission.problem(of: fault, in: profile) {
                Terminal.complain("\(fault.kind): \(problem)")
                isPossible = false
            }
        }
        let count = schedule.strikes.count
        Terminal.write("\(profile.name): \(count) \(count == 1 ? "strike" : "strikes")\n")
        for strike in schedule.strikes {
            let fault = profile.faults[strike.fault]
            let time = Self.column(Self.seconds(strike.start), 12)
            let length = strike.end > strike.start ? Self.seconds(strike.end - strike.start) : "-"
            let kind = FaultKinds.named(fault.kind).map(Self.line) ?? fault.kind
            Terminal.write("  at \(time)for \(Self.column(length, 10))\(kind)\n")
        }
        if schedule.leftOut > 0 {
            let words = schedule.leftOut == 1 ? "strike has" : "strikes have"
            Terminal.complain("\(schedule.leftOut) \(words) no place before the load's end")
            isPossible = false
        }
        return isPossible ? .pass : .usage
    }

    private static func seconds(_ nanoseconds: UInt64) -> String {
        let milliseconds = (nanoseconds + 500_000) / 1_000_000
        let rest = String(milliseconds % 1000 + 1000).dropFirst()
        return "\(milliseconds / 1000).\(rest) s"
    }
}
