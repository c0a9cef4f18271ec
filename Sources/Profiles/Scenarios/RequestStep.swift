public import JSON

/// One request of a scenario: an operation of the contract, or a method with a URL.
///
/// Strings may hold slots, as `SlotText` reads them.
public struct RequestStep: Sendable, Equatable {
    /// What is called.
    public var call: Call
    /// The row of the statistics; `nil` for the operation's id, or method and URL.
    public var name: String?
    /// Query parameters, in the order written.
    public var query: [Field] = []
    /// Extra header fields, in the order written.
    public var headers: [Field] = []
    /// The body; `nil` for the contract's example (where it has one) or none.
    public var body: Body?
    /// The Content-Type field; `nil` for the one that goes with the kind of body.
    public var contentType: String?
    /// What to keep from the answer for later steps, in the order written.
    public var save: [Extraction] = []
    /// What makes an answer right, beside the contract.
    public var expect = Expectation()
    /// The user's pause after the answer; `nil` for the scenario's.
    public var think: Delay?
    /// What it does to the checked store of its scenario; `nil` if it is not checked.
    public var checked: CheckedAccess?

    /// What a request calls.
    public enum Call: Sendable, Equatable {
        /// The `operationId` in the contract, with all of its path's parameters.
        case operation(String, path: [String: String])
        /// A method in capitals, and a path with its query from the root of the target.
        case url(method: String, url: String)
    }

    /// What is sent after the head.
    public enum Body: Sendable, Equatable {
        /// `body`: JSON.
        case json(JSONValue)
        /// `text`: as it stands, UTF-8.
        case text(String)
        /// `form`: names with values, URL-encoded.
        case form([Field])
        /// `multipart`: form data with files.
        case multipart([Part])
        /// `body file`: the bytes of a file, by its path from the working directory.
        case file(String)
    }

    /// A part of multipart form data.
    public struct Part: Sendable, Equatable {
        /// The form field's name.
        public var name: String
        /// What it holds.
        public var content: Content
        /// Its Content-Type; `nil` for none of a value, `application/octet-stream` of a file.
        public var type: String?

        /// A value, or a file.
        public enum Content: Sendable, Equatable {
            /// Text, which may hold slots.
            case value(String)
            /// A file's bytes, by its path, under the name that the server is told.
            case file(String, name: String)
        }

        /// A part from its pieces.
        public init(name: String, content: Content, type: String? = nil) {
            self.name = name
            self.content = content
            self.type = type
        }
    }

    /// A name with its value: a query parameter, a header field, a field of a form.
    public struct Field: Sendable, Equatable {
        /// The parameter's or field's name.
        public var name: String
        /// Its value, which may hold slots.
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
        /// Where it comes from.
        public var source: Source

        /// A place in an answer.
        public enum Source: Sendable, Equatable {
            /// In the JSON body.
            case path(JSONPath)
            /// A header field, by its name.
            case header(String)
            /// The first group of a regular expression over the body, or the whole of its match
            /// where it has no group.
            case expression(String)
        }

        /// An extraction from its parts.
        public init(variable: String, source: Source) {
            self.variable = variable
            self.source = source
        }
    }

    /// A request of what is called, with nothing given beside it.
    public init(_ call: Call) { self.call = call }

    /// A request of an operation.
    public init(operation: String, path: [String: String] = [:]) {
        call = .operation(operation, path: path)
    }

    /// The operation's id; `nil` for a request without the contract.
    public var operation: String? {
        if case .operation(let id, _) = call { id } else { nil }
    }

    /// The row of the statistics that it is counted in.
    public var rowName: String {
        if let name { return name }
        switch call {
        case .operation(let id, _): return id
        case .url(let method, let url):
            return "\(method) \(url.prefix { $0 != "?" })"
        }
    }
}
