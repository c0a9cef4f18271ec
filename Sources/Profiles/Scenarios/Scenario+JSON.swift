import JSON

extension Scenario {
    /// The scenario as the profile has it.
    var json: JSONValue {
        var keys: [JSONValue.Member] = [.init("weight", .integer(Int64(weight)))]
        if let think { keys.append(.init("think", think.json)) }
        if let pacing { keys.append(.init("pacing", pacing.json)) }
        if keepsCookies { keys.append(.init("cookies", .bool(true))) }
        if let checkedKey { keys.append(.init("checked", .string(checkedKey))) }
        keys.append(.init("steps", .array(steps.map(\.json))))
        return .object([.init(name, .object(keys))])
    }
}

extension Step {
    var json: JSONValue {
        func list(_ steps: [Step]) -> JSONValue { .array(steps.map(\.json)) }
        switch self {
        case .request(let request): return request.json
        case .group(let name, let steps):
            return .object([.init("group", .string(name)), .init("steps", list(steps))])
        case .choice(let condition, let then, let otherwise):
            var keys: [JSONValue.Member] = [
                .init("if", condition.json), .init("then", list(then)),
            ]
            if !otherwise.isEmpty { keys.append(.init("else", list(otherwise))) }
            return .object(keys)
        case .repetition(let count, let until, let steps):
            var keys: [JSONValue.Member] = [.init("repeat", .integer(Int64(count)))]
            if let until { keys.append(.init("until", until.json)) }
            keys.append(.init("steps", list(steps)))
            return .object(keys)
        case .think(let delay): return .object([.init("think", delay.json)])
        }
    }
}

extension Condition {
    fileprivate var json: JSONValue {
        switch self {
        case .chance(let share): .object([.init("chance", .number(share))])
        case .compare(let text, let test):
            .object([.init("value", .string(text)), test.json])
        }
    }
}

extension Condition.Test {
    fileprivate var json: JSONValue.Member {
        switch self {
        case .equals(let text): .init("equals", .string(text))
        case .isNot(let text): .init("is not", .string(text))
        case .matches(let text): .init("matches", .string(text))
        case .above(let number): .init("above", .numeral(number))
        case .below(let number): .init("below", .numeral(number))
        }
    }
}
