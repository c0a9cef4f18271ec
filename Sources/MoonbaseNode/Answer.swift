import JSON

/// What the node answers to a request.
struct Answer: Sendable {
    var status: Int
    var contentType: String
    var body: [UInt8]
    var allow: String?
    var retryAfterSeconds: Int?

    init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    static func json(_ value: JSONValue, status: Int = 200) -> Answer {
        Answer(status: status, contentType: "application/json", body: Array(value.text.utf8))
    }

    static func text(_ text: String, status: Int = 200) -> Answer {
        Answer(status: status, contentType: "text/plain", body: Array(text.utf8))
    }
}

/// A refusal: its status, and what was wrong.
struct Refusal: Error, Sendable {
    let status: Int
    let message: String

    init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The contract's form of an error.
    var answer: Answer {
        let phrase = Self.phrases[status] ?? "Error"
        var answer = Answer.json(
            .object([.init("error", .string(phrase)), .init("message", .string(message))]),
            status: status)
        if status == 503 { answer.retryAfterSeconds = 1 }
        return answer
    }

    /// Reason phrases of RFC 9110.
    private static let phrases = [
        400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
        413: "Content Too Large", 415: "Unsupported Media Type", 500: "Internal Server Error",
        501: "Not Implemented", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
}
