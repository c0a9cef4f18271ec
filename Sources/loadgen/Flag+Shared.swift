import ArgumentParsing
import Reports

/// Flags that several commands take.
extension Flag {
    static let set = Flag(
        name: "--set", value: "KEY=VALUE",
        help: "change one key of the profile, as in limits.timeout=2s; may be repeated",
        isRepeatable: true)

    static let objective = Flag(
        name: "--objective", short: "-o", value: "TEXT",
        help: "judge by this objective instead, as in \"p(99) < 20ms\"; may be repeated",
        isRepeatable: true)

    static let allowHost = Flag(
        name: "--allow-host", value: "NAME",
        help: "let load go to this host, which is not this machine; may be repeated",
        isRepeatable: true)

    static let threads = Flag(
        name: "--threads", value: "NUMBER", help: "generator threads; half of the cores")

    static let method = Flag(
        name: "--method", value: nil,
        help: "add to each objective how its bounds were found, in text and markdown")

    static let baselines = Flag(
        name: "--baselines", value: "DIR", help: "where baselines are kept; Results/baselines")

    /// The format of a report on standard output, of those that there are for a model.
    static func format<Model: Reported>(of _: Model.Type) -> Flag {
        Flag(name: "--format", value: "FORMAT", help: "\(ReportFormat<Model>.names); text")
    }

    /// What changes a profile; `Invocation.load` does as they say.
    static let overrides = [
        Flag(
            name: "--target", value: "TARGET",
            help: "a URL, or a command that starts it; instead of the profile's"),
        Flag(
            name: "--transport", value: "LANE",
            help: "loops (HTTP/1.1) or curl; loops where it can do what the profile asks for"),
        Flag(
            name: "--rate", short: "-r", value: "RATE",
            help: "the rate of the judged open phases, as in 500/s"),
        Flag(
            name: "--duration", short: "-d", value: "TIME",
            help: "how long each judged phase takes, as in 30s"),
        Flag(name: "--seed", value: "NUMBER", help: "the seed of the schedule"),
        set,
    ]
}
