package import Profiles

/// A feed of the profile with its rows.
package struct CompiledFeed: Sendable {
    package let name: String
    package let order: DataFeed.Order
    package let table: DataTable
    /// The users of all closed phases together, for rows that belong to users.
    package let userCount: Int

    package init(name: String, order: DataFeed.Order, table: DataTable, userCount: Int) {
        self.name = name
        self.order = order
        self.table = table
        self.userCount = userCount
    }
}
