public import JSON

/// What one arrival does: steps in order, each due when the one before was answered.
public struct Scenario: Sendable, Equatable {
    /// The name as written; unique in the profile.
    public var name: String
    /// Its share of the arrivals, relative to the other scenarios; 1 to 1,000,000.
    public var weight: Int
    /// At least one.
    public var steps: [Step]
    /// The time from the start of an iteration to that of the user's next, in the closed models;
    /// absent where the next begins when the last has ended.
    public var pacing: Delay?

    /// A scenario from its parts.
    public init(name: String, weight: Int = 1, steps: [Step]) {
        self.name = name
        self.weight = weight
        self.steps = steps
    }
}

/// One request of a scenario, named by the contract's operation.
///
/// Strings may hold `${name}`: a value saved by an earlier step of the same iteration,
/// `${env:NAME}`
/// (read when the run starts, never written to evidence), `${iteration}`, `${user}` or `${uuid}`.
public struct Step: Sendable, Equatable {
    /// The `operationId` in the contract.
    public var operation: String
    /// Values of the path's parameters by name; complete.
    public var path: [String: String]
    /// Query parameters, in the order written.
    public var query: [Field]
    /// Extra header fields, in the order written.
    public var headers: [Field]
    /// The body, or absent for the contract's example (where it has one) or none.
    public var body: JSONValue?
    /// What to keep from the answer for later steps, in the order written.
    public var save: [Extraction]
    /// What makes an answer right; absent for any status of the 2xx class that the contract
    /// documents.
    public var expectedStatus: Int?

    /// A step from its parts.
    public init(
        operation: String, path: [String: String] = [:], query: [Field] = [],
        headers: [Field] = [], body: JSONValue? = nil, save: [Extraction] = [],
        expectedStatus: Int? = nil
    ) {
        self.operation = operation
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.save = save
        self.expectedStatus = expectedStatus
    }

    /// A name with its value: a query parameter or a header field.
    public struct Field: Sendable, Equatable {
        /// The parameter's or field's name.
        public var name: String
        /// Its value, which may hold `${name}`.
        public var value: String

        /// A field from its parts.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A value to keep: `save: { pod: $.podId.name }`.
    public struct Extraction: Sendable, Equatable {
        /// The variable's name.
        public var variable: String
        /// Where in the answer's JSON body it stands.
        public var path: JSONPath

        /// An extraction from its parts.
        public init(variable: String, path: JSONPath) {
            self.variable = variable
            self.path = path
        }
    }
}
