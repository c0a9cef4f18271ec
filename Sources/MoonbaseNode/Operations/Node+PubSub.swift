import JSON

extension Node {
    func pubsubWork(_ call: Call) throws(Refusal) -> Work {
        switch call.operation {
        case "listTopics":
            return .now(
                .json(.object([.init("topics", .strings(bay.snapshot.topics.keys.sorted()))])))
        case "subscribe": return .job(try subscribe(call))
        default: return .job(try publish(call))
        }
    }

    /// The container that carries a pod's messages.
    private static func messenger(of pod: Pod) -> String {
        pod.has("gossipsub") ? "gossipsub" : "libp2p"
    }

    private func order(
        _ call: Call, isIdempotent: Bool, _ step: (Pod) -> Order.Step
    ) throws(Refusal) -> Order {
        let pod = try bay.pod(call.text("podId") ?? "system")
        let container = Self.messenger(of: pod)
        try Self.require(container, of: pod)
        return Order(
            command: call.operation, key: ContainerKey(pod: pod.name, container: container),
            calls: pod.chain(from: container).map { ContainerKey(pod: pod.name, container: $0) },
            isIdempotent: isIdempotent, call: call, step: step(pod))
    }

    private func subscribe(_ call: Call) throws(Refusal) -> Order {
        let topic = call.text("topic") ?? ""
        let bay = bay
        return try order(call, isIdempotent: true) { pod in
            .write { (database) throws(Refusal) in
                try Self.requirePod(pod.name, database)
                try database.run(
                    "INSERT OR IGNORE INTO subscriptions (topic, pod) VALUES (?, ?)",
                    [.text(topic), .text(pod.name)])
                return Change(answer: .message("Subscribed to \(topic)")) {
                    bay.subscribed(pod.name, to: topic)
                }
            }
        }
    }

    private func publish(_ call: Call) throws(Refusal) -> Order {
        let topic = call.text("topic") ?? ""
        let (bay, injector) = (bay, injector)
        return try order(call, isIdempotent: false) { _ in
            .memory {
                let delivered = bay.publish(to: topic) { name in
                    guard let pod = try? bay.pod(name) else { return true }
                    let chain = pod.chain(from: Self.messenger(of: pod))
                    return injector.effect(
                        on: chain.map { ContainerKey(pod: name, container: $0) }) == .none
                }
                return .json(
                    .object([
                        .init("message", .string("Published to \(topic)")),
                        .init("delivered", .integer(Int64(delivered))),
                    ]))
            }
        }
    }
}
