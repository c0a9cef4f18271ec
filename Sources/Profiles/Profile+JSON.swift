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
        return .object([
            .init("name", .string(name)), .init("description", .string(description)),
            .init("target", .string(target)), .init("contract", .string(contract)),
            .init("seed", .string(String(seed))), .init("confidence", .number(confidence)),
            .init("load", .array(load.map(\.json))),
            .init("scenarios", .array(scenarios.map(\.json))),
            .init("objectives", .array(objectives.map { .string($0.description) })),
            .init("limits", .object(limits)), .init("pacing", .string(pacing.rawValue)),
            .init("network", network.json),
        ])
    }
}

extension Scenario {
    fileprivate var json: JSONValue {
        .object([
            .init(
                name,
                .object([
                    .init("weight", .integer(Int64(weight))),
                    .init("steps", .array(steps.map(\.json))),
                ]))
        ])
    }
}

extension Step {
    fileprivate var json: JSONValue {
        var keys: [JSONValue.Member] = []
        if !path.isEmpty {
            let fields = path.sorted { $0.key < $1.key }
            keys.append(.init("path", .object(fields.map { .init($0.key, .string($0.value)) })))
        }
        for (name, fields) in [("query", query), ("headers", headers)] where !fields.isEmpty {
            keys.append(.init(name, .object(fields.map { .init($0.name, .string($0.value)) })))
        }
        if let body { keys.append(.init("body", body)) }
        if !save.isEmpty {
            keys.append(
                .init(
                    "save", .object(save.map { .init($0.variable, .string($0.path.description)) })))
        }
        if let expectedStatus {
            keys.append(
                .init("expect", .object([.init("status", .integer(Int64(expectedStatus)))])))
        }
        return keys.isEmpty ? .string(operation) : .object([.init(operation, .object(keys))])
    }
}
