import YAML

extension ProfileDecoder {
    /// A scalar's text, whose slots are all known.
    mutating func slotText(_ node: YAMLNode?) -> String? {
        guard let node else { return nil }
        checkSlots(node)
        return text(node)
    }

    /// Every `${name}` below a node must be a built-in, a column, or saved by an earlier step.
    ///
    /// `isJSON` where a text can be one slot that is written as JSON, `${name|json}`.
    mutating func checkSlots(_ node: YAMLNode, isJSON: Bool = false) {
        switch node.content {
        case .sequence(let elements):
            for element in elements { checkSlots(element, isJSON: isJSON) }
        case .mapping(let entries):
            for entry in entries { checkSlots(entry.value, isJSON: isJSON) }
        case .scalar(let text, _): checkSlots(in: text, at: node.position, isJSON: isJSON)
        }
    }

    /// Each slot of a text means something.
    mutating func checkSlots(
        in text: String, at position: YAMLNode.Position, isJSON: Bool = false
    ) {
        do {
            for case .slot(let slot) in try SlotText(parsing: text, isJSON: isJSON).parts {
                check(slot, at: position)
            }
        } catch { problems.add(position, error.message) }
    }

    private mutating func check(_ slot: SlotText.Slot, at position: YAMLNode.Position) {
        switch slot {
        case .variable(let name):
            if savedNames.contains(name) { return }
            problems.add(
                position, unknown: "${\(name)}", "value saved before this step",
                allowed: (savedNames + builtIns + columnNames).map { "${\($0)}" })
        case .checkedKey, .checkedValue, .checkedNext:
            if isChecked { return }
            problems.add(
                position,
                "the scenario is not checked; give it its key, as in "
                    + "checked: \"key-${int(1,100)}\"")
        case .column(let name, let column):
            guard let feed = feeds.first(where: { $0.name == name }) else {
                return problems.add(
                    position, unknown: name, "name of data", allowed: feeds.map(\.name))
            }
            guard let columns = feed.table?.columns, !columns.contains(column) else { return }
            problems.add(position, unknown: column, "column of \(feed.file)", allowed: columns)
        default: break
        }
    }

    private var builtIns: [String] {
        SlotText.builtIns + (isChecked ? ["checked:key", "checked:value", "checked:next"] : [])
    }

    private var columnNames: [String] {
        feeds.flatMap { feed in
            (feed.table?.columns ?? ["COLUMN"]).map { "\(feed.name).\($0)" }
        }
    }
}
