import JSON

extension Node {
    func jobWork(_ call: Call) throws(Refusal) -> Work {
        let name = call.path["id"] ?? ""
        switch call.operation {
        case "countJobs":
            let counts = director.counts
            return .now(
                .json(
                    .object(
                        [
                            ("queued", counts.queued), ("running", counts.running),
                            ("succeeded", counts.succeeded), ("failed", counts.failed),
                            ("dead", counts.dead),
                        ].map { .init($0, .integer(Int64($1))) })))
        case "readJob":
            guard let record = director.record(named: name) else {
                throw Refusal(404, "there is no job \(name)")
            }
            return .now(.json(record.json))
        case "listDeadLetters":
            return .now(.json(.array(director.letters(most: call.items).map(\.json))))
        case "dropDeadLetter": return try dropDeadLetter(name)
        case "retryDeadLetter": return try retryDeadLetter(name)
        default: throw Refusal(404, "there is no such operation")
        }
    }

    private func dropDeadLetter(_ name: String) throws(Refusal) -> Work {
        guard let letter = director.takeLetter(name) else {
            throw Refusal(404, "there is no dead letter \(name)")
        }
        let director = director
        return .write(
            { (database) throws(Refusal) in
                try database.run("DELETE FROM deadletters WHERE name = ?", [.text(name)])
                return Change(answer: .message("Dropped \(name)"))
            }, undo: { director.putBack(letter) })
    }

    /// The letter is off the disk before its job is queued: a job is never done twice for one
    /// retry.
    private func retryDeadLetter(_ name: String) throws(Refusal) -> Work {
        guard let letter = director.takeLetter(name) else {
            throw Refusal(404, "there is no dead letter \(name)")
        }
        let order: Order
        do throws(Refusal) {
            guard case .job(let found) = try work(for: letter.call) else {
                throw Refusal(409, "\(name) is no command that can be tried again")
            }
            order = found
        } catch {
            director.putBack(letter)
            throw error
        }
        var record = letter.record
        record.state = .queued
        record.error = nil
        record.finished = nil
        let answer = Answer.json(record.json)
        let (director, logbooks) = (director, logbooks)
        return .write(
            { (database) throws(Refusal) in
                try database.run("DELETE FROM deadletters WHERE name = ?", [.text(name)])
                return Change(answer: answer) {
                    do throws(Refusal) {
                        try director.submit(order, name: name, attempts: letter.record.attempts) {
                            _ in
                        }
                    } catch {
                        director.putBack(letter)
                        logbooks.log("\(name) could not be queued: \(error.message)", level: "warn")
                    }
                }
            },
            undo: {
                order.undo?()
                director.putBack(letter)
            })
    }
}
