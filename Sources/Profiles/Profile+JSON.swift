public import JSON

extension Profile {
    /// The profile in the vocabulary of its YAML, for the evidence; the decoder reads it back,
    /// since
    /// JSON is YAML.
    public var json: JSONValue {
        var limits: [JSONValue.Member] = [
            .init("in flight", .integer(Int64(self.limits.inFlight))),
            .init("timeout", .string(Quantities.text(self.limits.timeout))),
        ]
        if let most = self.limits.connections {
            limits.append(.init("connections", .integer(Int64(most))))
        }
        if let lag = self.limits.lagP99 {
            limits.append(.init("lag p(99)", .string(Quantities.text(lag))))
        }
        if let stop = self.limits.gracefulStop {
            limits.append(.init("graceful stop", .string(Quantities.text(stop))))
        }
        let target: String = if case .url(let url) = self.target { url } else { "embedded" }
        var members: [JSONValue.Member] = [
            .init("name", .string(name)), .init("description", .string(description)),
            .init("target", .string(target)), .init("contract", .string(contract)),
            .init("seed", .string(String(seed))), .init("confidence", .number(confidence)),
            .init("load", .array(load.map(\.json))),
            .init("scenarios", .array(scenarios.map(\.json))),
            .init("objectives", .array(objectives.map { .string($0.description) })),
            .init("limits", .object(limits)), .init("pacing", .string(pacing.rawValue)),
            .init("network", network.json),
        ]
        if !data.isEmpty { members.append(.init("data", .array(data.map(\.json)))) }
        return .object(members)
    }
}
