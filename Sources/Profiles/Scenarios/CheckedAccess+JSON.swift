import JSON

extension CheckedAccess {
    /// The access as the profile has it.
    var json: JSONValue {
        switch self {
        case .put: .string("put")
        case .delete: .string("delete")
        case .add: .string("add")
        case .get(let source): .object([.init("get", source.json)])
        case .list(let page): .object([.init("list", .string("\(page.events)"))] + page.rest)
        case .more(let page): .object([.init("more", .string("\(page.events)"))] + page.rest)
        }
    }
}

extension CheckedAccess.Page {
    fileprivate var rest: [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("value", .string("\(value)"))]
        switch next {
        case .answer(let path): members.append(.init("next", .string("\(path)")))
        case .last(let path): members.append(.init("last", .string("\(path)")))
        case nil: break
        }
        return members
    }
}

extension CheckedSettings {
    /// The settings as the profile has them.
    var json: JSONValue {
        var members: [JSONValue.Member] = []
        if !refusals.statuses.isEmpty {
            var keys: [JSONValue.Member] = [
                .init("status", .array(refusals.statuses.map { .integer(Int64($0)) }))
            ]
            if let header = refusals.header { keys.append(.init("header", .string(header))) }
            members.append(.init("refusals", .object(keys)))
        }
        if !restarts { members.append(.init("restart", .bool(false))) }
        return .object(members)
    }
}
