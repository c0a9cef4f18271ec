extension Command {
    static let capacity = Command(
        name: "capacity", argument: "PROFILE",
        summary: "search the highest rate at which every objective holds",
        flags: [
            Flag(
                name: "--target", value: "TARGET",
                help: "a URL, or a command that starts it; the profile's target"),
            Flag(
                name: "--from", value: "RATE",
                help: "the first rate; a tenth of the profile's highest"),
            Flag(name: "--to", value: "RATE", help: "no rate above this; 100000/s"),
            Flag(
                name: "--max-duration", value: "TIME", help: "no step begins after this; 10m"),
            Flag(
                name: "--confirm", value: "TIME",
                help: "how long the confirming step lasts; 60s, or 20 times the latency bound"),
            Flag(name: "--format", value: "FORMAT", help: "text, markdown, json or html; text"),
            Flag(name: "--out", value: "DIR", help: "where its folder goes; Results/capacity"),
            Flag(name: "--threads", value: "NUMBER", help: "generator threads; half of the cores"),
            Flag(name: "--seed", value: "NUMBER", help: "the seed of the first step"),
            Flag(
                name: "--allow-host", value: "NAME",
                help: "let load go to this host, which is not this machine; may be repeated",
                isRepeatable: true),
            set,
            Flag(name: "--quiet", value: nil, help: "no line for each step"),
        ],
        examples: [
            "loadgen capacity ping", "loadgen capacity ping --from 500/s --max-duration 5m",
        ])

    static let planCapacity = Command(
        name: "plan-capacity", argument: "RESULT",
        summary: "say how many nodes a load needs, by a capacity that was measured",
        flags: [
            Flag(name: "--target-rate", value: "RATE", help: "the load to carry, as in 20000/s"),
            Flag(
                name: "--headroom", value: "SHARE",
                help: "how much of a node's confirmed rate is kept free; 30%"),
            Flag(
                name: "--peak", value: "NUMBER", help: "by what factor peaks exceed the load; 1.3"),
            Flag(
                name: "--redundancy", value: "N+K", help: "how many nodes may be lost; N+1"),
            Flag(name: "--growth", value: "SHARE/month", help: "as in 8%/month"),
            Flag(name: "--format", value: "FORMAT", help: "text, markdown, json or html; text"),
        ],
        examples: [
            "loadgen plan-capacity RESULT --target-rate 20000/s --headroom 30% --redundancy N+1"
        ])
}
