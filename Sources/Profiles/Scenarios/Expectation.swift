public import JSON

/// What a step asks of an answer, beside the contract; every part that is given must hold.
public struct Expectation: Sendable, Equatable {
    /// The right statuses; empty for any of the 2xx class, which a contract must also document.
    public var statuses: [ClosedRange<Int>] = []
    /// The whole body.
    public var body: String?
    /// A text somewhere in the body.
    public var contains: String?
    /// A regular expression that fits somewhere in the body.
    public var matches: String?
    /// The Content-Type without its parameters.
    public var contentType: String?
    /// Values at places of the JSON body, in the order written.
    public var values: [PathValue] = []
    /// Header fields with their values, in the order written.
    public var headers: [RequestStep.Field] = []
    /// The most that latency may be.
    public var time: Duration?

    /// A place in a JSON body and what must stand there.
    public struct PathValue: Sendable, Equatable {
        /// The place.
        public var path: JSONPath
        /// The value; a string may hold slots, and is then compared as text.
        public var value: JSONValue

        /// A value at a place.
        public init(path: JSONPath, value: JSONValue) {
            self.path = path
            self.value = value
        }
    }

    /// Nothing beside the contract.
    public init() {}
}
