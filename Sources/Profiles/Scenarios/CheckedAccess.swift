public import JSON

/// What a request does to a store whose answers are checked against one another.
///
/// Registers are put, got and deleted; events are added to a log and listed, page by page.
public enum CheckedAccess: Sendable, Equatable {
    /// It writes `${checked:value}` to the register.
    case put
    /// It reads the register; the value is at this place of its answer, which has nothing or null
    /// there if there is none.
    case get(RequestStep.Extraction.Source)
    /// It deletes the register.
    case delete
    /// It appends `${checked:value}` to the log.
    case add
    /// It lists the log, or its first page.
    case list(Page)
    /// It lists a further page, from `${checked:next}` on, and is repeated until the log's end.
    case more(Page)

    /// Where an answer has events.
    public struct Page: Sendable, Equatable {
        /// The array of events.
        public var events: JSONPath
        /// The value within each of them.
        public var value: JSONPath
        /// What the request of the next page says; `nil` if there is but one page.
        public var next: Next?

        /// A page from its parts.
        public init(events: JSONPath, value: JSONPath, next: Next? = nil) {
            self.events = events
            self.value = value
            self.next = next
        }
    }

    /// Where the mark of the next page is.
    public enum Next: Sendable, Equatable {
        /// In the answer; none at the log's end.
        case answer(JSONPath)
        /// In the last event of the page.
        case last(JSONPath)
    }

    /// Whether it changes the store.
    public var isWrite: Bool {
        switch self {
        case .put, .delete, .add: true
        case .get, .list, .more: false
        }
    }

    /// Whether it sends a value.
    public var sendsValue: Bool { self == .put || self == .add }

    /// Whether it is of a log, not of a register.
    public var isOfLog: Bool {
        switch self {
        case .add, .list, .more: true
        case .put, .get, .delete: false
        }
    }
}

/// How the checked scenarios of a profile are run.
public struct CheckedSettings: Sendable, Equatable {
    /// Answers by which the target refuses a write: it promises that it never happens.
    public struct Refusals: Sendable, Equatable {
        /// Their statuses, 400 to 599; empty for no such answer.
        public var statuses: [Int] = []
        /// The header field by which the target's own answers are told from a proxy's; `nil` if
        /// every answer of such a status is a refusal.
        public var header: String?

        /// No answer is a refusal.
        public init() {}
    }

    /// What is a refusal.
    public var refusals = Refusals()
    /// Whether everything is read once more after a restart of the target, if loadgen started it.
    public var restarts = true

    /// The usual settings.
    public init() {}
}

extension Profile {
    /// Whether the answers of a store are checked.
    public var isChecked: Bool { scenarios.contains { $0.checkedKey != nil } }
}

extension Scenario {
    /// What its requests do to a store, in the order of the text.
    public var accesses: [CheckedAccess] { requests.compactMap(\.checked) }

    /// Whether another scenario's keys are those that this one reads.
    func reads(keysOf other: Scenario) -> Bool {
        checkedKey == other.checkedKey
            && accesses.contains { access in
                !access.isWrite && access.isOfLog == (other.accesses.first?.isOfLog ?? false)
            }
    }

    /// What reads one key of it: the requests up to the first read, without writes and pauses;
    /// `nil` if nothing in it reads.
    public var readBack: Scenario? {
        var found: [Step] = []
        guard Self.collect(steps, &found) else { return nil }
        var scenario = Scenario(name: name, steps: found)
        scenario.keepsCookies = keepsCookies
        return scenario
    }

    /// Adds what leads to a read; whether there is one.
    private static func collect(_ steps: [Step], _ found: inout [Step]) -> Bool {
        for (index, step) in steps.enumerated() {
            switch step {
            case .think: break
            case .request(var request):
                request.think = nil
                switch request.checked {
                case .put, .delete, .add, .more: break
                case nil: found.append(.request(request))
                case .get, .list:
                    found.append(.request(request))
                    if index + 1 < steps.count, case .request(var more) = steps[index + 1],
                        case .more = more.checked
                    {
                        more.think = nil
                        found.append(.request(more))
                    }
                    return true
                }
            case .group(_, let inner), .repetition(_, _, let inner):
                if collect(inner, &found) { return true }
            case .choice(_, let then, let otherwise):
                for branch in [then, otherwise] {
                    var inner = found
                    if collect(branch, &inner) {
                        found = inner
                        return true
                    }
                }
            }
        }
        return false
    }
}

extension Profile {
    /// The scenario that reads the keys which a scenario writes; `nil` if none does.
    public func reader(of scenario: Scenario) -> Scenario? {
        scenario.reads(keysOf: scenario)
            ? scenario : scenarios.first { $0.reads(keysOf: scenario) }
    }
}
