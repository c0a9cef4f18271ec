import JSON
import Quantities

extension PlannedFault {
    /// The fault in the vocabulary of its YAML.
    var json: JSONValue {
        var members = [JSONValue.Member(kind, victimJSON)]
        if let phase { members.append(.init("after", .string(phase))) }
        func add(_ name: String, _ duration: Duration?) {
            if let duration { members.append(.init(name, .string(Quantity.text(duration)))) }
        }
        if phase == nil || start > .zero { add("at", start) }
        add("for", length)
        add("every", period)
        if let trials { members.append(.init("trials", .integer(Int64(trials)))) }
        if shams > 0 { members.append(.init("sham", .integer(Int64(shams)))) }
        if spread > .zero { add("random", spread) }
        if let limit = settings.limit { members.append(.init("limit", .string("\(limit)"))) }
        if let share = settings.share {
            members.append(.init("share", .string(Quantity.text(share: share))))
        }
        add("by", settings.delay)
        add("jitter", settings.jitter)
        if let rate = settings.bytesPerSecond {
            members.append(.init("rate", .string("\(Quantity.text(bytes: rate))/s")))
        }
        if let plan = settings.plan { members.append(.init("plan", plan)) }
        if settings.direction != .both {
            members.append(.init("direction", .string(settings.direction.rawValue)))
        }
        return .object(members)
    }

    private var victimJSON: JSONValue {
        switch victim {
        case .target: .string("target")
        case .workers: .string("workers")
        case .proxy: .string("proxy")
        case .process(let id): .object([.init("pid", .integer(Int64(id)))])
        case .listener(let port): .object([.init("port", .integer(Int64(port)))])
        case .path: .object([.init("path", .string(settings.path ?? ""))])
        }
    }
}
