public import JSON

/// A JSON schema, as much of it as OpenAPI documents of HTTP APIs use, compiled once.
///
/// The keywords of OpenAPI 3.0, and of JSON Schema 2020-12 those that say the same; `format` and
/// unknown keywords are taken as annotations.
public indirect enum Schema: Sendable {
    /// Anything at all.
    case any
    /// What cannot be checked: nothing is said of any value.
    case unchecked
    /// Nothing: the schema `false`.
    case never
    /// All of these.
    case all([Schema])
    /// At least one of these.
    case anyOf([Schema])
    /// Exactly one of these.
    case oneOf([Schema])
    /// Not this one.
    case not(Schema)
    /// The second where the first fits, else the third.
    case choice(Schema, then: Schema, otherwise: Schema)
    /// One of these values.
    case oneValue([JSONValue])
    /// One of these kinds of value: `object`, `array`, `string`, `integer`, `number`, `boolean`,
    /// `null`.
    case type([String])
    /// Where the value is an object.
    case object(ObjectRules)
    /// Where the value is an array.
    case array(ArrayRules)
    /// Where the value is a string: its length in Unicode scalars.
    case length(CountRange)
    /// Where the value is a string: an expression it must match.
    case pattern(PatternReference)
    /// Where the value is a number: its range, by the values as they are spelled.
    case range(NumberRange)
    /// Where the value is a number: it is a whole multiple of this one.
    case multiple(JSONNumeral)
    /// Where the value is an object: the schema that a member of it names; where it names none of
    /// these, the last one.
    case discriminated(ExactText, [ExactText: Schema], otherwise: Schema)
    /// A schema of the document that others refer to, and that may refer to itself.
    case reference(Reference)

    /// A compiled expression.
    public struct PatternReference: Sendable {
        let pattern: Pattern
    }

    /// What an object must be.
    public final class ObjectRules: Sendable {
        let required: [String]
        let properties: [ExactText: Schema]
        let patterns: [(pattern: PatternReference, schema: Schema)]
        /// Of members without a schema of their own.
        let additional: Schema
        let count: CountRange

        init(
            required: [String], properties: [ExactText: Schema],
            patterns: [(PatternReference, Schema)] = [], additional: Schema = .any,
            count: CountRange = .init()
        ) {
            self.required = required
            self.properties = properties
            self.patterns = patterns.map { (pattern: $0.0, schema: $0.1) }
            self.additional = additional
            self.count = count
        }
    }

    /// What an array must be.
    public struct ArrayRules: Sendable {
        /// Of the first elements, in their order.
        var first: [Schema] = []
        /// Of all others.
        var others: Schema = .any
        var count = CountRange()
        var isUnique = false
    }

    /// How many there may be; none at all where the minimum is above the maximum.
    public struct CountRange: Sendable, Equatable {
        var minimum = 0
        var maximum = Int.max

        func contains(_ count: Int) -> Bool { minimum <= count && count <= maximum }
    }

    /// The bounds of a number; `nil` where there is none.
    public struct NumberRange: Sendable {
        var minimum: JSONValue?
        var maximum: JSONValue?
        /// The value is above this one.
        var exclusiveMinimum: JSONValue?
        /// The value is below this one.
        var exclusiveMaximum: JSONValue?
    }

    /// A schema with a place of its own in the document.
    public final class Reference: @unchecked Sendable {
        // Sendable: set while the document is compiled, and never again.
        let pointer: String
        var schema = Schema.any

        init(pointer: String) { self.pointer = pointer }
    }

    /// What the references of a document live as long as: those that refer to themselves would
    /// else live for ever.
    final class Owner: @unchecked Sendable {
        // Sendable: filled while the document is compiled, and never again.
        private var references: [Reference] = []

        func add(_ reference: Reference) { references.append(reference) }

        deinit { for reference in references { reference.schema = .unchecked } }
    }
}
