public import JSON
import Quantities

extension Profile {
    /// The profile in the vocabulary of its YAML, for the evidence; the decoder reads it back,
    /// since
    /// JSON is YAML.
    public var json: JSONValue {
        var limits: [JSONValue.Member] = [
            .init("in flight", .integer(Int64(self.limits.inFlight))),
            .init("timeout", .string(Quantity.text(self.limits.timeout))),
        ]
        if let most = self.limits.connections {
            limits.append(.init("connections", .integer(Int64(most))))
        }
        if let lag = self.limits.lagP99 {
            limits.append(.init("lag p(99)", .string(Quantity.text(lag))))
        }
        if let stop = self.limits.gracefulStop {
            limits.append(.init("graceful stop", .string(Quantity.text(stop))))
        }
        if self.limits.memoryBytes != Limits.defaultMemoryBytes {
            limits.append(
                .init("memory", .string(Quantity.text(bytes: self.limits.memoryBytes))))
        }
        var members: [JSONValue.Member] = [
            .init("name", .string(name)), .init("description", .string(description)),
            .init("target", targetJSON), .init("contract", .string(contract)),
            .init("seed", .string(String(seed))), .init("confidence", .number(confidence)),
            .init("load", .array(load.map(\.json))),
            .init("scenarios", .array(scenarios.map(\.json))),
            .init("objectives", .array(objectives.map { .string($0.description) })),
            .init("limits", .object(limits)), .init("pacing", .string(pacing.rawValue)),
            .init("network", network.json),
        ]
        if let bursts { members.append(.init("bursts", .string(Quantity.text(bursts)))) }
        if !faults.isEmpty { members.append(.init("faults", .array(faults.map(\.json)))) }
        if checked != CheckedSettings() { members.append(.init("checked", checked.json)) }
        if !data.isEmpty { members.append(.init("data", .array(data.map(\.json)))) }
        return .object(members)
    }

    /// A word where that says all.
    private var targetJSON: JSONValue {
        var members: [JSONValue.Member] = []
        switch target {
        case .embedded: members.append(.init("url", .string("embedded")))
        case .url(let url): members.append(.init("url", .string(url)))
        case .command(let command):
            members.append(.init("command", .string(command)))
            if let probe = watch.probe { members.append(.init("probe", .string(probe.rawValue))) }
        }
        if let process = watch.process { members.append(.init("pid", .integer(Int64(process)))) }
        if let port = watch.port { members.append(.init("port", .integer(Int64(port)))) }
        if members.count == 1, members[0].name == "url" { return members[0].value }
        return .object(members)
    }
}
