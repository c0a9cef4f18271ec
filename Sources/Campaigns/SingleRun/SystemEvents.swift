import FoundationEssentials
import JSON
import Measurements

/// What a target that loadgen has started said of itself: lines of its output that are a JSON
/// object with `timestamp` (ISO 8601) and `event`, and perhaps `message`.
enum SystemEvents {
    /// The guard keeps so much of the output while the target runs.
    private static let maximumBytes = 64 << 10
    private static let maximumEvents = 1000

    /// The events of a log from the start of the load on, in order; empty without such lines.
    ///
    /// - Parameter started: the wall clock's time at the start of the load, since 1970.
    static func read(_ path: String, started: Double) -> [RunEvent] {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return [] }
        return events(String(decoding: data.prefix(maximumBytes), as: UTF8.self), started: started)
    }

    static func events(_ text: String, started: Double) -> [RunEvent] {
        let found = text.split(separator: "\n").compactMap { event($0, started: started) }
        return Array(found.sorted { $0.timeSeconds < $1.timeSeconds }.prefix(maximumEvents))
    }

    private static func event(_ line: Substring, started: Double) -> RunEvent? {
        guard line.first == "{", let json = try? JSONValue(parsing: Data(line.utf8)),
            let name = json["event"]?.string, let time = json["timestamp"]?.string.flatMap(seconds)
        else { return nil }
        let message = json["message"]?.string.map { ": \($0)" } ?? ""
        guard time >= started else { return nil }
        return RunEvent(timeSeconds: time - started, kind: .system, detail: name + message)
    }

    /// Seconds since 1970; `nil` if it is no time.
    private static func seconds(_ text: String) -> Double? {
        for isFractional in [true, false] {
            let format = Date.ISO8601FormatStyle(includingFractionalSeconds: isFractional)
            if let date = try? format.parse(text) { return date.timeIntervalSince1970 }
        }
        return nil
    }
}
