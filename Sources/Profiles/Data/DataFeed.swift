import JSON

/// A file of rows that iterations take values from: `${users.name}`.
public struct DataFeed: Sendable, Equatable {
    /// The name as written; unique in the profile.
    public var name: String
    /// The file's path from the working directory.
    public var file: String
    /// Which row an iteration gets.
    public var order: Order
    /// Its rows, where the file has been read; no part of equality.
    public var table: DataTable?

    /// Which row an iteration gets.
    public enum Order: String, Sendable, Equatable, CaseIterable {
        /// The next, from the first again after the last.
        case sequential
        /// As sequential, in an order that the seed has shuffled once.
        case shuffled
        /// Any, drawn anew by the seed and the iteration's number.
        case random
        /// The next; when the last has been taken no further iteration is started.
        case once
        /// The next of the rows that belong to the user alone; closed models only.
        case partitioned
    }

    /// A feed from its parts.
    public init(name: String, file: String, order: Order = .sequential, table: DataTable? = nil) {
        self.name = name
        self.file = file
        self.order = order
        self.table = table
    }

    /// Equal where name, file and order are.
    public static func == (left: DataFeed, right: DataFeed) -> Bool {
        left.name == right.name && left.file == right.file && left.order == right.order
    }

    /// The feed as the profile has it.
    var json: JSONValue {
        .object([
            .init(
                name,
                .object([
                    .init("file", .string(file)), .init("order", .string(order.rawValue)),
                ]))
        ])
    }
}
