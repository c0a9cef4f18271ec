import JSON
import Verdicts

/// What a calculator answers: figures in their order, for people and for scripts.
struct Calculation: Equatable {
    /// One figure.
    struct Row: Equatable {
        /// Its name for scripts, with the unit last.
        let name: String
        let value: JSONValue
        /// It as people read it, with its unit.
        let text: String
        /// What it means.
        let meaning: String
    }

    private(set) var rows: [Row] = []
    /// What the shell is told; a verdict's code where there is one.
    var exit = ExitCode.pass

    mutating func add(_ name: String, _ value: Int, _ meaning: String) {
        rows.append(
            Row(
                name: name, value: .integer(Int64(value)), text: Figure.whole(value),
                meaning: meaning))
    }

    mutating func add(_ name: String, _ value: Double, _ text: String, _ meaning: String) {
        rows.append(Row(name: name, value: .number(value), text: text, meaning: meaning))
    }

    mutating func add(_ name: String, word: String, _ meaning: String) {
        rows.append(Row(name: name, value: .string(word), text: word, meaning: meaning))
    }

    /// A line for each figure, in columns.
    var text: String {
        let width = rows.map(\.text.count).max() ?? 0
        return rows.map { row in
            "\(String(repeating: " ", count: width - row.text.count))\(row.text)  \(row.meaning)\n"
        }.joined()
    }

    /// One object, a member for each figure.
    var json: JSONValue { .object(rows.map { JSONValue.Member($0.name, $0.value) }) }
}
