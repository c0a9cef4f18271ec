extension Command {
    private static let formats = Flag(
        name: "--format", value: "FORMAT", help: "text, markdown, json, junit or html; text")

    private static let baselines = Flag(
        name: "--baselines", value: "DIR", help: "where baselines are kept; Results/baselines")

    static let compare = Command(
        name: "compare", argument: "PROFILE",
        summary: "say whether a candidate is worse, side by side or by two groups of runs",
        flags: [
            Flag(
                name: "--base", value: "TARGET",
                help: "the baseline: a URL, or a command that is started anew each round"),
            Flag(
                name: "--candidate", value: "TARGET",
                help: "the same for what is judged; {port} in a command is a free port"),
            Flag(
                name: "--baseline", value: "NAME",
                help: "compare the arguments, runs that were made, with this one"),
            baselines,
            Flag(name: "--margin", value: "SHARE", help: "how much worse is still the same; 5%"),
            Flag(
                name: "--error-margin", value: "SHARE",
                help: "the same for the error rate, as a difference; 0.1%"),
            Flag(
                name: "--growth-margin", value: "BYTES",
                help: "the same for the target's growth, as a difference a request; 64"),
            Flag(
                name: "--confidence", value: "SHARE", help: "one-sided, over all looks; 95%"),
            Flag(
                name: "--metric", value: "NAME",
                help: "what decides: p50, p95, p99, throughput, error-rate, cpu, memory, growth",
                isRepeatable: true),
            Flag(
                name: "--round", value: "TIME",
                help: "the judged load of each run; 1.5s, or what lets 20 rounds fit"),
            Flag(
                name: "--max-duration", value: "TIME",
                help: "no further round after this; 90s"),
            formats,
            Flag(name: "--out", value: "DIR", help: "where its folder goes; Results/comparisons"),
            Flag(name: "--threads", value: "NUMBER", help: "generator threads; half of the cores"),
            Flag(name: "--rate", value: "RATE", help: "the rate of the judged open phases"),
            Flag(name: "--seed", value: "NUMBER", help: "the seed of the first round"),
            Flag(
                name: "--allow-host", value: "NAME",
                help: "let load go to this host, which is not this machine; may be repeated",
                isRepeatable: true),
            set,
            Flag(name: "--quiet", value: nil, help: "no line for each round"),
        ],
        examples: [
            "loadgen compare ping --base \"moonbase --port 0\" --candidate http://127.0.0.1:4343",
            "loadgen compare Results/runs/RUN Results/runs/RUN",
            "loadgen compare RUN --baseline main",
        ], maximumArguments: 64)

    static let baseline = Command(
        name: "baseline", argument: "ACTION",
        summary: "keep runs to compare later ones with: set NAME RUN..., list, show NAME",
        flags: [baselines],
        examples: [
            "loadgen baseline set main RUN", "loadgen baseline list", "loadgen baseline show main",
        ], maximumArguments: 66)
}
