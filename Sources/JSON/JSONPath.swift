/// A place in a JSON value: `$`, `.name`, `['name']` and `[index]`, as in `$.podId.name`.
public struct JSONPath: Sendable, Equatable {
    /// One move down from the root.
    public enum Part: Sendable, Equatable {
        /// To the member of an object.
        case name(String)
        /// To the element of an array, counted from 0.
        case index(Int)
    }

    /// The moves from the root, in order; empty for the whole value.
    public var parts: [Part]

    /// A path from its moves.
    public init(parts: [Part]) { self.parts = parts }
}
