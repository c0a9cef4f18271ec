import ArgumentParsing
import Profiles
import Schedules
import Verdicts

struct PlanCommand: Command {
    static let syntax = CommandSyntax(
        name: "plan", argument: "PROFILE|URL",
        summary: "check, without a request, whether the profile can decide its objectives",
        flags: Flag.overrides + [.objective] + LoadLine.flags + [
            Flag(
                name: "--schedule", value: nil,
                help: "print every arrival instead: due in nanoseconds, phase, scenario")
        ],
        examples: ["loadgen plan five-nines", "loadgen plan smoke --schedule --seed 7"]
    ).taking(upTo: 100)

    let call: Invocation

    func run() throws -> ExitCode {
        let (profile, _) = try call.load()
        let schedule = Schedule(profile, recordings: try call.recordings(for: profile))
        if call.arguments.has("--schedule") {
            printArrivals(of: schedule, profile)
            return .pass
        }
        let arrivals = schedule.arrivalsByPhase
        let expectations = Planner.plan(profile, arrivals: arrivals)
        let judged = zip(profile.load, arrivals).filter(\.0.isJudged).flatMap(\.1).reduce(0, +)
        Terminal.write("\(profile.name): \(Figure.whole(judged)) judged arrivals\n")
        for expectation in expectations {
            Terminal.write("  \(expectation.objective)\n    \(expectation.sentence)\n")
        }
        if expectations.isEmpty {
            Terminal.write("  it has no objectives: a run measures, and judges nothing\n")
        }
        return expectations.allSatisfy(\.isDecidable) ? .pass : .inconclusive
    }

    private func printArrivals(of schedule: Schedule, _ profile: Profile) {
        Terminal.write("due_ns\tphase\tscenario\n")
        var lines = ""
        for arrival in schedule {
            let scenario = profile.scenarios[arrival.scenario].name
            lines +=
                "\(arrival.dueNanoseconds)\t\(profile.load[arrival.phase].name)\t\(scenario)\n"
            if lines.utf8.count > 1 << 16 {
                Terminal.write(lines)
                lines = ""
            }
        }
        Terminal.write(lines)
    }
}
