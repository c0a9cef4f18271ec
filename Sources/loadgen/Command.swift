/// One command of the command line: its words for people, and the flags it takes.
struct Command: Sendable {
    /// A flag, with or without a value.
    struct Flag: Sendable {
        let name: String
        /// The name of its value in the help; `nil` for a switch.
        let value: String?
        let help: String
        /// Whether it may be given more than once.
        var isRepeatable = false
    }

    let name: String
    let argument: String?
    let summary: String
    let flags: [Flag]
    let examples: [String]
    /// How many arguments it takes, where it takes any.
    var maximumArguments = 1
    /// Whether a command of another program follows after `--`.
    var takesCommand = false

    /// Every command, in the order that the help lists them.
    static let all = [
        run, list, validate, plan, judge, report, export, compare, baseline, capacity, planCapacity,
        calibrate, stats, exec,
    ]

    static let set = Flag(
        name: "--set", value: "KEY=VALUE",
        help: "change one key of the profile, as in limits.timeout=2s; may be repeated",
        isRepeatable: true)
    static let overrides = [
        Flag(name: "--target", value: "URL", help: "drive this instead of the profile's target"),
        Flag(
            name: "--transport", value: "LANE",
            help: "loops (HTTP/1.1) or curl; loops where it can do what the profile asks for"),
        Flag(
            name: "--rate", value: "RATE", help: "the rate of the judged open phases, as in 500/s"),
        Flag(
            name: "--duration", value: "TIME", help: "how long each judged phase takes, as in 30s"),
        Flag(name: "--seed", value: "NUMBER", help: "the seed of the schedule"),
        set,
    ]

    static let method = Flag(
        name: "--method", value: nil,
        help: "add to each objective how its bounds were found, in text and markdown")

    static let run = Command(
        name: "run", argument: "PROFILE",
        summary: "put a profile's load on its target, and judge it",
        flags: overrides + [
            Flag(
                name: "--pid", value: "PID",
                help: "read the memory of this process and its children, not of who listens there"),
            Flag(name: "--threads", value: "NUMBER", help: "generator threads; half of the cores"),
            Flag(
                name: "--repeat", value: "NUMBER",
                help: "make so many fresh runs, and judge what they say of the next one"),
            Flag(name: "--out", value: "DIR", help: "where the run's folder goes; Results/runs"),
            Flag(
                name: "--allow-host", value: "NAME",
                help: "let load go to this host, which is not this machine; may be repeated",
                isRepeatable: true),
            Flag(
                name: "--no-calibrate", value: nil,
                help: "leave out the calibration, which is measured once for a host and build"),
            Flag(name: "--quiet", value: nil, help: "print the verdict and nothing else"),
            Flag(
                name: "--format", value: "FORM",
                help: "print the report as text, markdown, json, junit, csv or html; text"),
            Flag(
                name: "--metrics", value: "PLACE",
                help: "serve Prometheus here while the run goes on, as in 127.0.0.1:9464"),
            method,
        ],
        examples: [
            "loadgen run smoke", "loadgen run five-nines --seed 7",
            "loadgen run ping --target http://127.0.0.1:4343 --rate 2000/s --duration 1m",
            "loadgen run smoke --repeat 5",
        ])
    static let list = Command(
        name: "list", argument: nil, summary: "the profiles that can be run by name", flags: [],
        examples: ["loadgen list"])
    static let validate = Command(
        name: "validate", argument: "PROFILE",
        summary: "check a profile and name every mistake in it", flags: overrides,
        examples: ["loadgen validate smoke", "loadgen validate my-profile.yaml"])
    static let plan = Command(
        name: "plan", argument: "PROFILE",
        summary: "say, before any request, whether the profile can decide its objectives",
        flags: overrides + [
            Flag(
                name: "--schedule", value: nil,
                help: "print every arrival instead: due in nanoseconds, phase, scenario")
        ],
        examples: ["loadgen plan five-nines", "loadgen plan smoke --schedule --seed 7"])
    static let judge = Command(
        name: "judge", argument: "RUN",
        summary: "judge a run's evidence again, by its own objectives or by others",
        flags: [
            Flag(
                name: "--objective", value: "TEXT",
                help: "judge by this objective instead; may be repeated", isRepeatable: true),
            method,
        ],
        examples: ["loadgen judge Results/runs/RUN --objective \"p(99) < 20ms\""])
    static let report = Command(
        name: "report", argument: "RUN",
        summary: "report a run from its evidence, whole or cut off",
        flags: [
            Flag(
                name: "--format", value: "FORM",
                help: "text, markdown, json, junit, csv or html; text"),
            method,
        ],
        examples: ["loadgen report Results/runs/RUN", "loadgen report RUN --format html"])
    static let export = Command(
        name: "export", argument: "RUN",
        summary: "give a run's evidence to other programs",
        flags: [
            Flag(
                name: "--as", value: "FORM",
                help: "csv (a line a second), hgrm (percentiles) or hlog (interval log); csv")
        ],
        examples: ["loadgen export RUN --as csv", "loadgen export RUN --as hgrm"])

    static let calibrate = Command(
        name: "calibrate", argument: nil,
        summary: "measure the generator anew: the floor under every latency on this host",
        flags: [], examples: ["loadgen calibrate"])
    static let stats = Command(
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

    /// The text of `loadgen COMMAND --help`.
    var help: String {
        var text = "\(summary)\n\nusage: loadgen \(name)"
        if let argument { text += " \(argument)" }
        if !flags.isEmpty { text += " [FLAG]..." }
        if takesCommand { text += " -- COMMAND [WORD]..." }
        text += "\n"
        if !flags.isEmpty {
            let titles = flags.map { flag in flag.value.map { "\(flag.name) \($0)" } ?? flag.name }
            let width = (titles.map(\.count).max() ?? 0) + 2
            text += "\nflags:\n"
            for (title, flag) in zip(titles, flags) {
                let space = String(repeating: " ", count: width - title.count)
                text += "  \(title)\(space)\(flag.help)\n"
            }
        }
        text += "\nexamples:\n" + examples.map { "  \($0)\n" }.joined()
        return text
    }

    /// The text of `loadgen --help`.
    static var overview: String {
        var text = """
            loadgen: load an HTTP API on an exact schedule, and judge it by its evidence

            usage: loadgen COMMAND [ARGUMENT] [FLAG]...

            commands:

            """
        for command in all {
            let words = command.takesCommand ? "-- COMMAND" : command.argument
            let title = [command.name, words].compactMap { $0 }.joined(separator: " ")
            let space = String(repeating: " ", count: max(2, 22 - title.count))
            text += "  \(title)\(space)\(command.summary)\n"
        }
        return text + """

            loadgen COMMAND --help says more of each.

            exit codes: 0 PASS, 1 the tool failed, 2 FAIL, 3 INCONCLUSIVE, 4 INVALID,
            64 usage or a bad profile, 130 interrupted

            examples:
              loadgen run smoke
              loadgen plan five-nines
              loadgen run ping --target http://127.0.0.1:4343 --rate 2000/s

            """
    }
}
