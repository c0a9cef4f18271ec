import FoundationEssentials
import JSON

/// A job as its log and the dead letters show it.
struct JobRecord: Sendable {
    enum State: String, Sendable, CaseIterable { case queued, running, succeeded, failed, dead }

    let name: String
    var state: State
    let command: String
    let key: ContainerKey
    var attempts: Int
    var error: String?
    /// Seconds since 1970.
    let created: Double
    var finished: Double?

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("id", .string(name)), .init("state", .string(state.rawValue)),
            .init("command", .string(command)), .init("pod", .string(key.pod)),
            .init("container", .string(key.container)),
            .init("attempts", .integer(Int64(attempts))),
        ]
        if let error { members.append(.init("error", .string(error))) }
        members.append(.init("created", .string(Self.text(created))))
        if let finished { members.append(.init("finished", .string(Self.text(finished)))) }
        return .object(members)
    }

    static func text(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds).formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

/// A job that failed for good, with what is needed to try it again.
struct DeadLetter: Sendable {
    var record: JobRecord
    let call: Call

    /// The form in which storage keeps it.
    var text: String {
        JSONValue.object([
            .init("job", record.json), .init("created", .number(record.created)),
            .init("finished", .number(record.finished ?? record.created)),
            .init("operation", .string(call.operation)),
            .init(
                "path",
                .object(
                    call.path.sorted { $0.key < $1.key }.map {
                        .init($0.key, .string($0.value))
                    })),
            .init("body", call.body),
        ]).text
    }

    init(record: JobRecord, call: Call) {
        self.record = record
        self.call = call
    }

    /// `nil` if the text is not one that `text` gave.
    init?(text: String) {
        guard let value = try? JSONValue(parsing: text.utf8, maximumDepth: 80),
            let job = value["job"],
            let name = job["id"]?.string, let operation = value["operation"]?.string,
            let body = value["body"]
        else { return nil }
        record = JobRecord(
            name: name, state: .dead, command: job["command"]?.string ?? "",
            key: ContainerKey(
                pod: job["pod"]?.string ?? "", container: job["container"]?.string ?? ""),
            attempts: Int(job["attempts"]?.integer ?? 0), error: job["error"]?.string,
            created: value["created"]?.double ?? 0, finished: value["finished"]?.double)
        var path: [String: String] = [:]
        for member in value["path"]?.object ?? [] { path[member.name] = member.value.string ?? "" }
        call = Call(operation: operation, path: path, query: [:], body: body)
    }
}
