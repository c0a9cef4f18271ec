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
        /// `path`, `query`, `header` or `cookie`.
        public let location: String
        /// Whether a request must have it.
        public let isRequired: Bool
        /// What its value must be.
        public let schema: Schema
    }

    /// A documented answer.
    ///
    /// A class, so that a check takes one reference of it, not one of each part.
    final class Answer: Sendable {
        /// The statuses: one, a class as 4XX, or every one.
        let statuses: ClosedRange<Int>
        /// The media types that its body may have, with what it must be; empty for any body.
        let contents: [Content]
        /// The header fields that are documented and can be wrong.
        let headers: [Header]

        init(statuses: ClosedRange<Int>, contents: [Content], headers: [Header]) {
            self.statuses = statuses
            // The first that fits is taken, and the most special one fits best.
            self.contents =
                contents.filter { !$0.mediaType.isRange } + contents.filter(\.mediaType.isRange)
            self.headers = headers
        }

        /// Whether a check has to look at the body.
        var readsBody: Bool { contents.contains(where: \.readsBody) }
    }

    /// A media type of an answer with the schema of its body.
    final class Content: Sendable {
        let mediaType: MediaType
        let schema: Schema
        /// The whole body where only one is right, as `pong`.
        let fixedBody: [UInt8]?
        /// Whether a check has to look at the body.
        let readsBody: Bool

        /// - Parameter isOpen: whether any JSON fits, so that the body need not be parsed.
        init(mediaType: MediaType, schema: Schema, fixedBody: [UInt8]?, isOpen: Bool) {
            self.mediaType = mediaType
            self.schema = schema
            self.fixedBody = fixedBody
            readsBody = fixedBody != nil || (mediaType.isJSON || mediaType.isRange) && !isOpen
        }
    }

    /// A documented header field of an answer.
    struct Header: Sendable {
        /// In lower case.
        let name: String
        let isRequired: Bool
        let schema: Schema
    }

    /// The `operationId`; method and path, as in `GET /pets`, where there is none.
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
    /// Keeps the schemas alive that others refer to.
    private let owner: Schema.Owner?

    init(
        id: String, line: (method: String, path: [PathPart]), parameters: [Parameter],
        body: (schema: Schema?, example: JSONValue?), answers: [Answer],
        owner: Schema.Owner?
    ) {
        self.id = id
        (method, path) = line
        self.parameters = parameters
        bodySchema = body.schema
        exampleBody = body.example
        self.answers = answers
        isHead = line.method == "HEAD"
        self.owner = owner
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
        if answer.contents.isEmpty { return .right }
        guard let content = answer.contents.first(where: { $0.mediaType.isType(of: contentType) })
        else {
            let types = answer.contents.map { "\($0.mediaType)" }.joined(separator: " or ")
            return .wrongContent("content type \"\(contentType)\", expected \(types)")
        }
        if let fixedBody = content.fixedBody {
            return body == fixedBody
                ? .right : .wrongContent("the body is not the one right body\(Self.excerpt(body))")
        }
        guard content.readsBody, content.mediaType.isJSON || MediaType(contentType).isJSON else {
            return .right
        }
        do {
            let value = try JSONValue(parsing: body)
            json = value
            return content.schema.problem(with: value).map { .wrongContent($0) } ?? .right
        } catch { return .wrongContent("the body is not JSON: \(error)") }
    }

    private static func excerpt(_ body: [UInt8]) -> String {
        body.isEmpty ? "" : ": \(Excerpt.text(body))"
    }
}
