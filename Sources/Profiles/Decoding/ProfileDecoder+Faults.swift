import JSON
import Quantities
import YAML

/// `faults`: a list of mappings, each with the key of a kind and the times of its strikes.
extension ProfileDecoder {
    private static let times = ["at", "after", "for", "every", "trials", "sham", "random"]
    private static let maximumFaults = 100
    private static let maximumTrials = 1000
    private static let example = "{ hang: target, at: 20s, for: 5s }"

    mutating func faults(_ node: YAMLNode?, load: [Phase]) -> [PlannedFault] {
        guard let node else { return [] }
        guard let elements = node.elements else {
            problems.add(node.position, "faults must be a list, as in [\(Self.example)]")
            return []
        }
        if elements.count > Self.maximumFaults {
            problems.add(
                node.position, "there are \(elements.count) faults, \(Self.maximumFaults) at most")
            return []
        }
        var faults: [PlannedFault] = []
        for element in elements {
            if let fault = fault(element, load: load) { faults.append(fault) }
        }
        return faults
    }

    private mutating func fault(_ node: YAMLNode, load: [Phase]) -> PlannedFault? {
        let names = FaultNotations.all.map(\.name)
        let settings = FaultNotation.Setting.allCases.map(\.rawValue)
        check(node, "a fault", keys: names + Self.times + settings)
        let kinds = (node.entries ?? []).filter { names.contains($0.key) }
        guard kinds.count == 1, let entry = kinds.first,
            let notation = FaultNotations.named(entry.key)
        else {
            problems.add(
                node.position,
                "a fault has one kind, as in \(Self.example); there are "
                    + names.joined(separator: ", ")
            )
            return nil
        }
        var fault = PlannedFault(kind: notation.name, victim: .target)
        victim(entry, notation, of: &fault)
        take(settings: node, notation, of: &fault)
        take(times: node, entry, notation, of: &fault, load: load)
        return fault
    }

    // MARK: What is struck

    private mutating func victim(
        _ entry: YAMLNode.Entry, _ notation: FaultNotation, of fault: inout PlannedFault
    ) {
        let form: String
        switch notation.subject {
        case .processes: form = "target, workers, { pid: NUMBER } or { port: NUMBER }"
        case .packets: form = "target, which loadgen starts"
        case .connections: form = "proxy"
        case .path: form = "{ path: PATH }"
        case .database: form = "target or { path: PATH }"
        }
        let node = entry.value
        let key = node.entries?.count == 1 ? node.entries?.first?.key : nil
        switch (notation.subject, node.text ?? key ?? "") {
        case (.processes, "target") where key == nil,
            (.packets, "target") where key == nil, (.database, "target") where key == nil:
            fault.victim = .target
        case (.processes, "workers") where key == nil: fault.victim = .workers
        case (.connections, "proxy") where key == nil: fault.victim = .proxy
        case (.processes, "pid") where key != nil:
            let id = number(
                node["pid"], Int32.self, "the id of a process, above 1", where: { $0 > 1 })
            if let id { fault.victim = .process(id) }
        case (.processes, "port") where key != nil:
            let port = number(
                node["port"], Int.self, "a TCP port from 1 to 65535",
                where: { (1...65_535).contains($0) })
            if let port { fault.victim = .listener(port: port) }
        case (.path, "path") where key != nil, (.database, "path") where key != nil:
            fault.victim = .path
            fault.settings.path = text(node["path"])
        default:
            problems.add(node.position, "\(notation.name) strikes \(form)")
        }
    }

    // MARK: How hard

    private mutating func take(
        settings node: YAMLNode, _ notation: FaultNotation, of fault: inout PlannedFault
    ) {
        for setting in FaultNotation.Setting.allCases {
            guard let value = node[setting.rawValue] else { continue }
            guard notation.settings.contains(setting) else {
                let allowed = notation.settings.map(\.rawValue).joined(separator: ", ")
                problems.add(
                    value.position,
                    "\(notation.name) has no \(setting.rawValue); "
                        + (allowed.isEmpty ? "it has times only" : "it has \(allowed)"))
                continue
            }
            switch setting {
            case .limit: fault.settings.limit = limit(value)
            case .share:
                fault.settings.share = self.value(
                    value, "a share above 0 and below 1, as in 10%", Quantity.properShare)
            case .by: fault.settings.delay = duration(value)
            case .jitter: fault.settings.jitter = duration(value)
            case .rate: fault.settings.bytesPerSecond = byteRate(value)
            case .plan: fault.settings.plan = plan(value)
            case .direction:
                fault.settings.direction = choice(value, "direction") ?? .both
            }
        }
    }

    /// One fault of the node's, whose times the profile has.
    private mutating func plan(_ node: YAMLNode) -> JSONValue? {
        guard node.entries?.count == 1, let kind = node.entries?.first,
            let settings = kind.value.entries
        else {
            problems.add(
                node.position, "plan is one fault of the node's, as in { errors: { status: 503 } }")
            return nil
        }
        for time in settings where ["at", "for", "every"].contains(time.key) {
            problems.add(time.position, "\(time.key) stands beside the plan, not in it")
        }
        return node.json
    }

    private mutating func limit(_ node: YAMLNode) -> Int? {
        value(node, "a whole number or \(Quantity.sizeForm), from 1 to 1TiB") { text in
            (Int(text) ?? Quantity.bytes(text)).flatMap { (1...1 << 40).contains($0) ? $0 : nil }
        }
    }

    private mutating func byteRate(_ node: YAMLNode) -> Int? {
        value(node, "bytes a second as in 10kB/s, from 1B/s to 1GB/s") { text in
            guard text.hasSuffix("/s") else { return nil }
            return Quantity.bytes(String(text.dropLast(2))).flatMap {
                (1...1_000_000_000).contains($0) ? $0 : nil
            }
        }
    }

    // MARK: When

    private mutating func take(
        times node: YAMLNode, _ entry: YAMLNode.Entry, _ notation: FaultNotation,
        of fault: inout PlannedFault, load: [Phase]
    ) {
        if let at = node["at"] {
            fault.start =
                value(at, "0s or \(Quantity.durationForm)") { text in
                    Quantity.nanoseconds(text).flatMap {
                        $0 <= Quantity.maximumNanoseconds ? .nanoseconds(Int64($0)) : nil
                    }
                } ?? .zero
        } else if node["after"] == nil {
            problems.add(
                entry.position,
                "\(notation.name) has no time; give at or after, as in \(Self.example)")
        }
        if let after = node["after"], let name = text(after) {
            fault.phase = name
            if !load.contains(where: { $0.name == name }) {
                problems.add(
                    after.position, unknown: name, "phase", allowed: load.map(\.name))
            }
        }
        fault.length = duration(node["for"])
        fault.period = duration(node["every"])
        fault.spread = duration(node["random"]) ?? .zero
        fault.trials = number(
            node["trials"], Int.self, "a whole number from 1 to \(Self.maximumTrials)",
            where: { (1...Self.maximumTrials).contains($0) })
        fault.shams =
            number(
                node["sham"], Int.self, "a whole number from 1 to \(Self.maximumTrials)",
                where: { (1...Self.maximumTrials).contains($0) }) ?? 0
        if let sham = node["sham"], fault.period == nil || fault.trials == nil {
            problems.add(
                sham.position,
                "strikes that change nothing lie among others; sham needs every and trials")
        }
        checkTimes(node, entry, notation, fault)
    }

    private mutating func checkTimes(
        _ node: YAMLNode, _ entry: YAMLNode.Entry, _ notation: FaultNotation, _ fault: PlannedFault
    ) {
        if notation.isHeld, node["for"] == nil {
            problems.add(
                entry.position, "\(notation.name) has no end; give for, as in \(Self.example)")
        }
        if !notation.isHeld, let node = node["for"] {
            problems.add(node.position, "\(notation.name) is over at once; it takes no for")
        }
        if let trials = fault.trials, trials > 1, fault.period == nil, let node = node["trials"] {
            problems.add(node.position, "\(trials) trials need every, from one to the next")
        }
        if let period = fault.period, period <= (fault.length ?? .zero) + fault.spread,
            let node = node["every"]
        {
            problems.add(
                node.position,
                "every is \(Quantity.text(period)); it must be more than for and random together")
        }
    }
}
