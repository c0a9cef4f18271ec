/// What storage holds of the model at the start.
struct LoadedState {
    var model = PodBay.State()
    var letters: [DeadLetter] = []

    init(from storage: Storage) throws(NodeError) {
        let database = try Database(
            path: storage.path, role: .reader, vfs: storage.settings.vfs)
        do { try load(database) } catch {
            throw NodeError(
                "the data cannot be read: \(error.message)",
                hint: "restore the folder from a copy, or name an empty one with --data DIR")
        }
    }

    private mutating func load(_ database: Database) throws(Refusal) {
        for row in try database.run("SELECT name, process, configuration, stopped FROM pods") {
            model.pods[row[0].text] = Pod(
                name: row[0].text, process: row[1].text, phase: .running,
                stopped: Set(row[3].text.split(separator: ",").map(String.init)),
                configuration: row[2].optionalText)
        }
        for row in try database.run("SELECT name, id, type, pod, is_open FROM databases") {
            model.databases[row[0].text] = DatabaseRecord(
                id: row[1].integer, type: row[2].text, pod: row[3].text,
                isOpen: row[4].integer == 1)
        }
        for row in try database.run("SELECT name, pod FROM filesystems") {
            model.filesystems[row[0].text] = row[1].text
        }
        for row in try database.run("SELECT topic, pod FROM subscriptions") {
            model.topics[row[0].text, default: []].insert(row[1].text)
        }
        for row in try database.run("SELECT text FROM deadletters ORDER BY place") {
            if let letter = DeadLetter(text: row[0].text) { letters.append(letter) }
        }
    }
}
