import Quantities

extension Objective: CustomStringConvertible {
    /// The objective as people write it; `init(parsing:)` reads it back.
    public var description: String {
        var text = claim.description
        if let operation { text += " on \(ObjectiveWords.quoted(operation))" }
        if let phase { text += " in \(ObjectiveWords.quoted(phase))" }
        if let window { text += " within any \(Quantity.text(window))" }
        if let confidence { text += " at \(Quantity.text(share: confidence))" }
        return aborts ? text + " abort" : text
    }
}
