import YAML

extension InjectionPlan {
    static let kinds =
        [
            "latency", "service", "stall", "errors", "wrong body", "reset", "drip", "leak", "hang",
            "failure", "storage down", "slow disk", "unsynced writes",
        ] + Lie.allCases.map(\.rawValue)
    private static let commonKeys = ["on", "rate", "nth", "at", "for", "every"]

    /// Reads a plan: `seed`, and `faults`, a list of mappings with the fault's kind as their one
    /// key.
    ///
    /// - Throws: `SettingsError` with every mistake.
    public init(parsing text: String, file: String) throws(SettingsError) {
        self.init()
        var reader = SettingsReader(file: file)
        if let root = reader.tree(text) {
            reader.check(root, "the plan", keys: ["seed", "faults"])
            let form = "a whole number from 0 to 2^64 - 1"
            seed = reader.value(root["seed"], form) { UInt64($0) } ?? seed
            if let list = root["faults"], list.elements == nil {
                reader.complain(
                    list.position, "faults are a list, each with one of the keys \(Self.kinds)")
            }
            for element in root["faults"]?.elements ?? [] {
                if let fault = Self.fault(element, &reader) { faults.append(fault) }
            }
        }
        try reader.finish()
    }

    private static func fault(_ element: YAMLNode, _ reader: inout SettingsReader) -> Fault? {
        guard let entry = element.entries?.first, element.entries?.count == 1,
            kinds.contains(entry.key)
        else {
            reader.complain(
                element.position,
                "a fault has one key of \(kinds.joined(separator: ", "))")
            return nil
        }
        let node = entry.value
        let before = reader.problems.count
        reader.check(node, entry.key, keys: keys(of: entry.key) + commonKeys)
        var fault = Fault(name: entry.key, kind: kind(entry.key, node, &reader))
        fault.operation = reader.text(node["on"])
        fault.rate = reader.share(node["rate"]) ?? 1
        fault.nth = reader.integer(node["nth"], in: 1...1_000_000_000)
        if fault.nth != nil, node["rate"] != nil {
            reader.complain(node.position, "give one of rate and nth")
        }
        fault.start = reader.nanoseconds(node["at"]) ?? 0
        fault.duration = reader.nanoseconds(node["for"]) ?? .max
        fault.every = reader.nanoseconds(node["every"]) ?? 0
        if fault.every != 0, fault.every < fault.duration {
            reader.complain(node.position, "every is at least as long as for")
        }
        if case .stall = fault.kind, fault.duration == .max {
            reader.complain(node.position, "a stall needs for, since it has an end")
        }
        return reader.problems.count == before ? fault : nil
    }

    private static func keys(of kind: String) -> [String] {
        switch kind {
        case "latency", "slow disk": ["constant", "uniform", "exponential", "median", "sigma"]
        case "service": ["constant", "uniform", "exponential", "median", "sigma", "servers"]
        case "errors": ["status", "burst"]
        case "drip": ["bytes per second"]
        case "leak": ["bytes"]
        case "hang", "failure": ["container", "pod"]
        case Lie.staleCache.rawValue: ["time"]
        default: []
        }
    }

    private static func kind(
        _ name: String, _ node: YAMLNode, _ reader: inout SettingsReader
    ) -> Kind {
        switch name {
        case "latency": return .latency(distribution(node, &reader))
        case "slow disk": return .slowDisk(distribution(node, &reader))
        case "unsynced writes": return .unsyncedWrites
        case "service":
            return .service(
                distribution(node, &reader),
                servers: reader.integer(node["servers"], in: 1...10_000) ?? 1)
        case "errors":
            return .error(
                status: reader.integer(node["status"], in: 400...599) ?? 500,
                burst: reader.integer(node["burst"], in: 1...10_000) ?? 1)
        case "wrong body": return .wrongBody
        case "reset": return .reset
        case "drip":
            return .drip(
                bytesPerSecond: reader.integer(node["bytes per second"], in: 1...1_000_000) ?? 10)
        case "leak": return .leak(bytes: reader.integer(node["bytes"], in: 1...1_000_000) ?? 64)
        case "hang", "failure":
            guard let container = reader.text(node["container"]) else {
                reader.complain(
                    node.position,
                    "\(name) needs container: libp2p, ipfs, ..., or database:NAME")
                return .stall
            }
            let pod = reader.text(node["pod"])
            return name == "hang"
                ? .hang(pod: pod, container: container) : .failure(pod: pod, container: container)
        case "storage down": return .storageDown
        default:
            return Lie(rawValue: name).map {
                .lie($0, nanoseconds: reader.nanoseconds(node["time"]) ?? 50_000_000)
            } ?? .stall
        }
    }

    private static func distribution(
        _ node: YAMLNode, _ reader: inout SettingsReader
    ) -> Distribution {
        if node["median"] != nil {
            let form = "a number from 0 to 5"
            let sigma = reader.value(node["sigma"], form) { text in
                Double(text).flatMap { (0...5).contains($0) ? $0 : nil }
            }
            return .lognormal(
                median: Double(reader.nanoseconds(node["median"]) ?? 0), sigma: sigma ?? 0.5)
        }
        if node["exponential"] != nil {
            return .exponential(mean: Double(reader.nanoseconds(node["exponential"]) ?? 0))
        }
        if let bounds = node["uniform"] {
            let times = (bounds.elements ?? []).map { Double(reader.nanoseconds($0) ?? 0) }
            guard times.count == 2, times[0] <= times[1] else {
                reader.complain(bounds.position, "uniform has two bounds, as in [1ms, 5ms]")
                return .constant(0)
            }
            return .uniform(times[0], times[1])
        }
        guard let time = reader.nanoseconds(node["constant"]) else {
            reader.complain(
                node.position,
                "latency, service and slow disk need constant, uniform, exponential, or "
                    + "median with sigma"
            )
            return .constant(0)
        }
        return .constant(Double(time))
    }
}
