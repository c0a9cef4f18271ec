import YAML

extension ProfileDecoder {
    private static let maximumFeeds = 100
    private static let dataExample = "- users: { file: users.csv, order: sequential }"

    /// The feeds of a profile; their files are read where there is a folder to look in.
    mutating func data(_ node: YAMLNode?) -> [DataFeed] {
        guard let node else { return [] }
        guard let elements = node.elements, !elements.isEmpty else {
            problems.add(
                node.position, "data is a list of at least one file, as in \(Self.dataExample)")
            return []
        }
        guard elements.count <= Self.maximumFeeds else {
            problems.add(
                node.position, "\(elements.count) files are too many; at most \(Self.maximumFeeds)")
            return []
        }
        var result: [DataFeed] = []
        for element in elements {
            guard let entry = named(element, "feed", example: Self.dataExample) else { continue }
            if result.contains(where: { $0.name == entry.key }) {
                problems.add(entry.position, "the data \"\(entry.key)\" is defined twice")
            }
            if let feed = feed(entry) { result.append(feed) }
        }
        return result
    }

    private mutating func feed(_ entry: YAMLNode.Entry) -> DataFeed? {
        check(entry.value, "data", keys: ["file", "order"])
        if entry.key.contains("."), entry.value.entries != nil {
            problems.add(
                entry.position, "a name of data must not contain a point, which ${users.name} needs"
            )
        }
        guard let path = entry.value["file"], entry.value.entries != nil else {
            problems.add(entry.position, "data needs a file, as in \(Self.dataExample)")
            return nil
        }
        let order: DataFeed.Order? = choice(entry.value["order"], "order")
        let count = problems.count
        guard let file = file(path) else { return nil }
        var feed = DataFeed(name: entry.key, file: file, order: order ?? .sequential)
        guard folder != nil, problems.count == count else { return feed }
        do { feed.table = try DataTable(file: file) } catch {
            problems.add(error)
        }
        return feed
    }

    /// Rows that belong to users need a fixed number of users, and a row for each.
    mutating func checkPartitions(_ feeds: [DataFeed], load: [Phase], at node: YAMLNode?) {
        guard let node, !load.isEmpty else { return }
        for feed in feeds where feed.order == .partitioned {
            if let phase = load.first(where: { $0.model.isOpen }) {
                problems.add(
                    node.position,
                    "\(feed.name) is partitioned over users, and the phase \"\(phase.name)\" has "
                        + "no fixed number of them; take sequential, or users in every phase")
                continue
            }
            let users = load.reduce(0) { $0 + ($1.model.maximumUsers ?? 0) }
            if let table = feed.table, table.rowCount < users {
                problems.add(
                    node.position,
                    "\(feed.file) has \(table.rowCount) rows to be partitioned over \(users) users")
            }
        }
    }
}
