public import Verdicts

/// A record as JSON, from which it can be read back.
public protocol RecordJSON: Report where Model: Encodable {}

extension RecordJSON {
    /// What `--format` calls it.
    public static var name: String { "json" }

    /// The record, with snake-case keys.
    public static func text(_ model: Model, _ style: ReportStyle) -> String {
        PlainJSON.text(model)
    }
}

/// A comparison as JSON, the values of every round with it: comparison.json.
public enum ComparisonJSON: RecordJSON {
    /// What it has.
    public typealias Model = ComparisonRecord
    /// The file that has it.
    public static let fileName: String? = "comparison.json"
}

/// Several runs of one profile as JSON: repeat.json.
public enum RepeatJSON: RecordJSON {
    /// What it has.
    public typealias Model = RepeatRecord
    /// The file that has it.
    public static let fileName: String? = "repeat.json"
}

/// A capacity as JSON, which a plan is made from: capacity.json.
public enum CapacityJSON: RecordJSON {
    /// What it has.
    public typealias Model = Capacity
    /// The file that has it.
    public static let fileName: String? = "capacity.json"

    /// Reads a capacity back; `nil` if the text is none.
    public static func capacity(parsing text: String) -> Capacity? {
        guard let capacity: Capacity = PlainJSON.value(text), capacity.schema == Capacity.schema
        else { return nil }
        return capacity
    }
}

/// A capacity plan as JSON.
public enum CapacityPlanJSON: RecordJSON {
    /// What it has.
    public typealias Model = CapacityPlan
}
