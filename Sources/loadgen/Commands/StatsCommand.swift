import ArgumentParsing
import JSON

struct StatsCommand: Command {
    static let syntax = CommandSyntax(
        name: "stats", argument: "CALCULATOR",
        summary: "calculate by hand: required-n, interval or budget",
        flags: [
            Flag(
                name: "--limit", value: "SHARE",
                help: "the share claimed not to be exceeded, as in 0.001%, 10ppm or 1e-5"),
            Flag(
                name: "--errors", value: "NUMBER",
                help: "required-n: with so many errors; none"),
            Flag(
                name: "--believed", value: "SHARE",
                help: "required-n: plan for this true share; a fifth of the limit"),
            Flag(
                name: "--power", value: "SHARE",
                help: "required-n: how likely the plan is to prove it; 80%"),
            Flag(
                name: "--rate", value: "RATE",
                help: "required-n: say the time as well, at this rate"),
            Flag(name: "--count", value: "NUMBER", help: "interval: errors, or slow requests"),
            Flag(name: "--of", value: "NUMBER", help: "interval: of so many requests"),
            Flag(
                name: "--availability", value: "SHARE", help: "budget: as in 99.999%"),
            Flag(
                name: "--requests", value: "NUMBER",
                help: "budget: errors in so many requests; a million"),
            Flag(name: "--recovery", value: "TIME", help: "budget: how long an outage takes; 30s"),
            Flag(
                name: "--confidence", value: "SHARE", help: "one-sided, of every bound; 95%"),
            Flag(name: "--json", value: nil, help: "one JSON object instead, for scripts"),
        ],
        examples: [
            "loadgen stats required-n --limit 0.001% --rate 1000/s",
            "loadgen stats interval --count 4 --of 53 --limit 1%",
            "loadgen stats budget --availability 99.999%",
        ])

    let call: Invocation

    func run() throws -> ExitCode {
        let answer = try Calculator(named: call.arguments.argument).answer(call.arguments)
        Terminal.writeAsIs(call.arguments.has("--json") ? answer.json.prettyText : answer.text)
        return answer.exit
    }
}
