import JSON
import YAML

/// `checked`: which requests are operations on a store, whose answers must agree.
extension ProfileDecoder {
    private static let accessForm =
        "put, delete, add, { get: $.value }, { list: $.events, value: $.value } or "
        + "{ more: $.events, value: $.value, next: $.next } is wanted here"
    private static let keyExample = "checked: \"key-${int(1,100)}\""

    /// The settings of all checked scenarios.
    mutating func checkedSettings(_ node: YAMLNode?, isChecked: Bool) -> CheckedSettings {
        var settings = CheckedSettings()
        guard let node else { return settings }
        check(node, "checked", keys: ["refusals", "restart"])
        if !isChecked {
            problems.add(
                node.position, "no scenario is checked; give one its key, as in \(Self.keyExample)")
        }
        settings.restarts = flag(node["restart"]) ?? true
        guard let refusals = node["refusals"] else { return settings }
        check(refusals, "refusals", keys: ["status", "header"])
        if refusals.entries != nil, refusals["status"] == nil {
            problems.add(refusals.position, "refusals need status, as in [503, 504]")
        }
        let statuses = refusals["status"].map { $0.elements ?? [$0] } ?? []
        for status in statuses {
            let number = number(
                status, Int.self, "a status from 400 to 599", where: { (400...599).contains($0) })
            if let number { settings.refusals.statuses.append(number) }
        }
        settings.refusals.header = value(refusals["header"], "the name of a header field") {
            Self.isToken($0) ? $0 : nil
        }
        return settings
    }

    /// The key of a scenario, which its iterations read and write.
    mutating func checkedKey(_ node: YAMLNode?) -> String? {
        guard let node else { return nil }
        let key = slotText(node)
        if key == "" { problems.add(node.position, "a key has at least one character") }
        return key
    }

    /// What a request does to the store of its scenario.
    ///
    /// - Parameter step: the whole step, which must send a value if it writes one.
    mutating func access(_ step: YAMLNode) -> CheckedAccess? {
        let node = step["checked"]
        let access = node.flatMap { checkedAccess($0) }
        if let node, !isChecked {
            problems.add(
                node.position, "its scenario has no key; give it one, as in \(Self.keyExample)")
        }
        let count = Self.count("${checked:value", in: step)
        if let node, let access, access.sendsValue, count != 1 {
            problems.add(
                node.position,
                "it must send ${checked:value} once, by which what it wrote is known again")
        } else if count > 0, access?.sendsValue != true, node == nil || access != nil {
            problems.add(
                step.position, "${checked:value} is for a step with checked: put or checked: add")
        }
        if Self.count("${checked:next", in: step) > 0 {
            guard case .more = access else {
                problems.add(step.position, "${checked:next} is for a step with checked: { more: }")
                return access
            }
        }
        return access
    }

    private mutating func checkedAccess(_ node: YAMLNode) -> CheckedAccess? {
        if let text = node.text {
            let words: [String: CheckedAccess] = ["put": .put, "delete": .delete, "add": .add]
            if words[text] == nil { problems.add(node.position, Self.accessForm) }
            return words[text]
        }
        check(node, "checked", keys: ["get", "list", "more", "value", "next", "last"])
        let kinds = (node.entries ?? []).filter { ["get", "list", "more"].contains($0.key) }
        guard kinds.count == 1, let kind = kinds.first else {
            problems.add(node.position, Self.accessForm)
            return nil
        }
        if kind.key == "get" { return source(kind.value).map { .get($0) } }
        guard let page = page(node, kind) else { return nil }
        return kind.key == "list" ? .list(page) : .more(page)
    }

    private mutating func page(
        _ node: YAMLNode, _ kind: YAMLNode.Entry
    ) -> CheckedAccess.Page? {
        if node["value"] == nil {
            problems.add(node.position, "\(kind.key) needs value: where an event has its value")
        }
        let form = "a JSON path as in $.value"
        let events = value(kind.value, form) { try? JSONPath(parsing: $0) }
        let value = value(node["value"], form) { try? JSONPath(parsing: $0) }
        let next = self.value(node["next"], form) { try? JSONPath(parsing: $0) }
        let last = self.value(node["last"], form) { try? JSONPath(parsing: $0) }
        if kind.key == "more", (node["next"] == nil) == (node["last"] == nil) {
            problems.add(
                node.position,
                "more needs one of next, the mark of the next page in the answer, and last, the "
                    + "same in its last event")
        }
        guard let events, let value else { return nil }
        return CheckedAccess.Page(
            events: events, value: value,
            next: next.map { .answer($0) } ?? last.map { .last($0) })
    }

    private static func count(_ text: String, in node: YAMLNode) -> Int {
        switch node.content {
        case .sequence(let elements): elements.reduce(0) { $0 + count(text, in: $1) }
        case .mapping(let entries): entries.reduce(0) { $0 + count(text, in: $1.value) }
        case .scalar(let scalar, _): scalar.ranges(of: text).count
        }
    }

    // MARK: Scenarios as wholes

    /// A scenario's accesses go together.
    mutating func checkAccesses(of scenario: Scenario, _ entry: YAMLNode.Entry) {
        guard scenario.checkedKey != nil else { return }
        let position = (entry.value["checked"] ?? entry.value).position
        let accesses = scenario.accesses
        guard let first = accesses.first else {
            problems.add(
                position,
                "no step of \"\(entry.key)\" is checked; say what it does, as in "
                    + "checked: put")
            return
        }
        if accesses.contains(where: { $0.isOfLog != first.isOfLog }) {
            problems.add(
                position,
                "\"\(entry.key)\" has steps of a register (put, get, delete) and of a log (add, "
                    + "list, more); make two scenarios of it")
        }
        if let place = Self.misplacedPage(scenario.steps) {
            problems.add(position, "\"\(entry.key)\": \(place)")
        }
    }

    /// What is wrong with the order of pages, in words; `nil` if nothing is.
    private static func misplacedPage(_ steps: [Step]) -> String? {
        var before: CheckedAccess?
        for step in steps {
            switch step {
            case .request(let request):
                if case .more = request.checked {
                    guard case .list(let page) = before, page.next != nil else {
                        return "a step with more must follow one with list, which has next or last"
                    }
                }
                before = request.checked
            case .group(_, let inner), .repetition(_, _, let inner):
                before = nil
                if let place = misplacedPage(inner) { return place }
            case .choice(_, let then, let otherwise):
                before = nil
                if let place = misplacedPage(then) ?? misplacedPage(otherwise) { return place }
            case .think: before = nil
            }
        }
        return nil
    }

    /// Whatever is written can be read back.
    mutating func checkReaders(_ node: YAMLNode?, of profile: Profile) {
        for (index, scenario) in profile.scenarios.enumerated()
        where scenario.accesses.contains(where: \.isWrite) && scenario.checkedKey != nil {
            guard profile.reader(of: scenario) == nil else { continue }
            let elements = node?.elements ?? []
            problems.add(
                (index < elements.count ? elements[index] : node)?.position
                    ?? .init(line: 1, column: 1),
                "nothing reads what \"\(scenario.name)\" writes; add a step with checked: "
                    + (scenario.accesses[0].isOfLog
                        ? "{ list: $.events, value: $.value }" : "{ get: $.value }")
                    + " to it, or to a scenario of the same key")
        }
    }
}
