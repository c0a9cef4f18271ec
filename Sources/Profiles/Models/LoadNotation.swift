import JSON
import Quantities
import YAML

/// How load is written in a phase of a profile, and how it is read.
protocol LoadNotation: Sendable {
    /// The keys that together say that it is this notation.
    static var keys: [String] { get }
    /// Keys that go with them.
    static var options: [String] { get }
    /// Whether `arrivals` goes with them.
    static var spacesArrivals: Bool { get }
    /// Where its length stands.
    static var lengthKeys: [String] { get }

    /// Whether it is this notation, of those with the same keys.
    static func isMeant(by text: PhaseText) -> Bool

    /// What it says, one after the other; empty if there are mistakes in it.
    static func stretches(of text: PhaseText, by decoder: inout ProfileDecoder) -> [Stretch]
}

extension LoadNotation {
    static var options: [String] { [] }
    static var spacesArrivals: Bool { true }
    static var lengthKeys: [String] { ["for"] }

    /// Its options are there.
    static func isMeant(by text: PhaseText) -> Bool {
        options.allSatisfy { text[$0] != nil }
    }
}

/// A load model that a phase has by its keys.
protocol WrittenModel: LoadModel, LoadNotation {
    /// Reads the model; `nil` if there are mistakes in it.
    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self?
}

extension WrittenModel {
    static func stretches(of text: PhaseText, by decoder: inout ProfileDecoder) -> [Stretch] {
        guard let model = read(text, by: &decoder), let length = text.length else { return [] }
        return [Stretch(name: text.entry.key, model: model, duration: length)]
    }

    /// The member of its JSON that says how arrivals are spaced.
    var spacing: [JSONValue.Member] { arrivals.map { [$0.json] } ?? [] }
}

/// A phase as it is written, with what all notations share.
struct PhaseText {
    /// Its name and its keys.
    let entry: YAMLNode.Entry
    /// What stands under `for`.
    let length: Duration?
    /// What stands under `arrivals`, or else `constant`.
    let arrivals: Arrivals

    subscript(key: String) -> YAMLNode? { entry.value[key] }
}

/// A part of the load with one model: a phase before it has its place.
struct Stretch {
    var name: String
    var model: any LoadModel
    var duration: Duration
}

/// Every way to write load.
enum LoadNotations {
    /// In the order that messages have; of those with the same keys, the first that is meant
    /// counts.
    static let all: [any LoadNotation.Type] = [
        ConstantArrivalRate.self, RampingArrivalRate.self, Staircase.self, Spike.self, Sine.self,
        Replay.self, RampingUsers.self, SharedIterations.self, PerUserIterations.self,
        ConstantUsers.self, AsFastAsPossible.self,
    ]

    /// Every key that one of them takes.
    static let keys = distinct(all.flatMap { $0.keys + $0.options }) + ["arrivals"]

    /// The keys that say which it is.
    static let distinguishingKeys = distinct(all.flatMap { $0.keys })

    /// All of them in words: rate, or from and to, or steps, and so on.
    static let form: String = {
        var forms = distinct(all.map { $0.keys.joined(separator: " and ") })
        for (index, form) in forms.enumerated().dropFirst()
        where form.contains(" and ") || forms[index - 1].contains(" and ")
            || index == forms.count - 1
        {
            forms[index] = "or \(form)"
        }
        return forms.joined(separator: ", ")
    }()

    private static func distinct(_ words: [String]) -> [String] {
        words.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Where the length of a phase stands.
    static func lengthKeys(of phase: YAMLNode) -> [String] {
        let special = all.first {
            $0.lengthKeys != ["for"] && $0.keys.allSatisfy { phase[$0] != nil }
        }
        return special?.lengthKeys ?? ["for"]
    }
}

extension ProfileDecoder {
    /// The load of a phase whose `for` is `length`; empty if there are mistakes in it.
    mutating func stretches(_ entry: YAMLNode.Entry, length: Duration?) -> [Stretch] {
        let node = entry.value
        let given = LoadNotations.distinguishingKeys.filter { node[$0] != nil }
        for notation in LoadNotations.all where notation.keys != given {
            for option in notation.options {
                guard let value = node[option] else { continue }
                problems.add(
                    value.position,
                    "\(option) go with \(notation.keys.joined(separator: " and ")): a number")
            }
        }
        let candidates = LoadNotations.all.filter { $0.keys == given }
        if let candidate = candidates.first, !candidate.spacesArrivals,
            let arrivals = node["arrivals"]
        {
            problems.add(
                arrivals.position,
                "arrivals are of the open model; users send after the answer, and a recording "
                    + "has its own")
        }
        let text = PhaseText(
            entry: entry, length: length,
            arrivals: choice(node["arrivals"], "kind of arrivals") ?? .constant)
        if let notation = candidates.first(where: { $0.isMeant(by: text) }) {
            return notation.stretches(of: text, by: &self)
        }
        problems.add(
            entry.position,
            "the phase \"\(entry.key)\" needs one model: \(LoadNotations.form); it has "
                + (given.isEmpty ? "none of them" : given.joined(separator: ", ")))
        return []
    }

    // MARK: What several notations read

    mutating func positiveRate(_ node: YAMLNode?) -> Rate? {
        value(node, "\(Quantity.rateForm), above 0") { text in
            Quantity.rate(text).flatMap { $0.perSecond > 0 ? $0 : nil }
        }
    }

    mutating func userCount(_ node: YAMLNode?) -> Int? {
        number(
            node, Int.self, "a whole number from 1 to 100000", where: { (1...100_000).contains($0) }
        )
    }

    mutating func iterations(_ node: YAMLNode?) -> Int? {
        number(
            node, Int.self, "a whole number from 1 to 1000000000",
            where: { (1...1_000_000_000).contains($0) })
    }
}
