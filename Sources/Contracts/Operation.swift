public import JSON

/// One operation of a contract: what its request is, and which answers are right.
///
/// A class, so that a check of an answer takes one reference of it, not one of each part.
public final class Operation: Sendable {
    /// A stretch of the path.
    public enum PathPart: Sendable, Equatable {
        /// Text as it stands, with its slashes.
        case literal(String)
        /// The value of a parameter.
        case parameter(String)
    }

    /// A parameter of the path, the query or the head.
    public struct Parameter: Sendable {
        /// Its name.
        public let name: String
        /// `path`, `query` or `header`.
        public let location: String
        /// Whether a request must have it.
        public let isRequired: Bool
        /// What its value must be.
        public let schema: Schema
    }

    /// A documented answer: its media type with the schema of its body.
    ///
    /// A class, so that a check takes one reference of it, not one of each part.
    final class Answer: Sendable {
        /// The statuses: one, a class as 4XX, or every one.
        let statuses: ClosedRange<Int>
        let mediaType: String?
        let schema: Schema
        /// The whole body where only one is right, as `pong`.
        let fixedBody: [UInt8]?
        /// Whether any JSON fits, so that the body need not be parsed.
        let isOpen: Bool
        /// The header fields that are documented and can be wrong.
        let headers: [Header]

        /// Whether a check has to look at the body.
        let readsBody: Bool

        init(
            statuses: ClosedRange<Int>, mediaType: String?, schema: Schema, fixedBody: [UInt8]?,
            isOpen: Bool, headers: [Header] = []
        ) {
            readsBody = fixedBody != nil || mediaType == "application/json" && !isOpen
            self.headers = headers
            self.statuses = statuses
            self.mediaType = mediaType
            self.schema = schema
            self.fixedBody = fixedBody
            self.isOpen = isOpen
        }
    }

    /// A documented header field of an answer.
    struct Header: Sendable {
        /// In lower case.
        let name: String
        let isRequired: Bool
        let schema: Schema
    }

    /// The `operationId`.
    public let id: String
    /// The method, in capitals.
    public let method: String
    /// The path below the server's base path.
    public let path: [PathPart]
    /// Its parameters.
    public let parameters: [Parameter]
    /// What the request's body must be; `nil` if it has none.
    public let bodySchema: Schema?
    /// The first example of a body in the document; `nil` if there is none.
    public let exampleBody: JSONValue?
    /// The documented answers, the most special ones first.
    let answers: [Answer]
    private let isHead: Bool

    init(
        id: String, method: String, path: [PathPart], parameters: [Parameter],
        body: (schema: Schema?, example: JSONValue?), answers: [Answer]
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.parameters = parameters
        bodySchema = body.schema
        exampleBody = body.example
        self.answers = answers
        isHead = method == "HEAD"
    }

    /// The names of the path's parameters, in order.
    public var pathParameters: [String] {
        path.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }

    /// The statuses that the document names.
    public var documentedStatuses: [Int] {
        answers.filter { $0.statuses.count == 1 }.map(\.statuses.lowerBound).sorted()
    }
}

/// What a contract says of an answer.
public enum CheckResult: Sendable, Equatable {
    /// As documented, or as expected.
    case right
    /// Another status, in words.
    case wrongStatus(String)
    /// Another media type or body, in words.
    case wrongContent(String)
}

extension Operation {
    /// Judges an answer: by `expectedStatus`, or a documented status of the 2xx class where that is
    /// `nil`; then by the media type and the body that the document gives for that status.
    public func check(
        status: Int, contentType: String, body: [UInt8], expectedStatus: Int?
    ) -> CheckResult {
        var json: JSONValue?
        return check(
            status: status, contentType: contentType, body: body, expectedStatus: expectedStatus,
            json: &json)
    }

    /// As the check above; `json` is the body where it had to be parsed.
    public func check(
        status: Int, contentType: String, body: [UInt8], expectedStatus: Int?,
        json: inout JSONValue?
    ) -> CheckResult {
        if let expectedStatus {
            guard status == expectedStatus else {
                return .wrongStatus("status \(status), expected \(expectedStatus)")
            }
        }
        let documented = answers.first { $0.statuses.contains(status) }
        if expectedStatus == nil, !(200..<300).contains(status) || documented == nil {
            return .wrongStatus("status \(status)\(Self.excerpt(body))")
        }
        guard let answer = documented, !isHead else { return .right }
        if let mediaType = answer.mediaType, !Self.isSame(contentType, mediaType) {
            return .wrongContent("content type \"\(contentType)\", expected \(mediaType)")
        }
        if let fixedBody = answer.fixedBody {
            return body == fixedBody
                ? .right : .wrongContent("the body is not the one right body\(Self.excerpt(body))")
        }
        guard answer.readsBody else { return .right }
        do {
            let value = try JSONValue(parsing: body)
            json = value
            return answer.schema.problem(with: value).map { .wrongContent($0) } ?? .right
        } catch { return .wrongContent("the body is not JSON: \(error)") }
    }

    /// Whether a Content-Type field is of a media type, whatever its parameters.
    private static func isSame(_ field: String, _ mediaType: String) -> Bool {
        if field == mediaType { return true }
        let bare = field.prefix { $0 != ";" && $0 != " " }
        return bare.lowercased() == mediaType
    }

    private static func excerpt(_ body: [UInt8]) -> String {
        body.isEmpty ? "" : ": \(Excerpt.text(body))"
    }
}
