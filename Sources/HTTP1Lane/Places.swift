/// A lane's connections that are busy, or those that are idle; O(1) in and out.
struct Places {
    private(set) var all = ContiguousArray<Connection>()

    var count: Int { all.count }

    var isEmpty: Bool { all.isEmpty }

    var first: Connection? { all.first }

    /// Takes a connection that is in no other.
    mutating func add(_ connection: Connection) {
        connection.place = all.count
        all.append(connection)
    }

    mutating func popLast() -> Connection? {
        let connection = all.popLast()
        connection?.place = -1
        return connection
    }

    func holds(_ connection: Connection) -> Bool {
        all.indices.contains(connection.place) && all[connection.place] === connection
    }

    /// Takes out a connection that it holds; the last one gets its place.
    mutating func remove(_ connection: Connection) {
        let place = connection.place
        connection.place = -1
        guard let last = all.popLast(), last !== connection else { return }
        all[place] = last
        last.place = place
    }
}
