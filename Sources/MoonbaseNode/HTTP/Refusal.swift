import JSON

/// A refusal: its status, and what was wrong.
struct Refusal: Error, Sendable, Equatable {
    let status: Int
    let message: String
    /// Whether it is refused to keep a queue short: trying again at once would make that longer.
    var isOverload = false

    init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    /// What waits, such as writes, would wait too long.
    static func overload(of kind: String) -> Refusal {
        var refusal = Refusal(503, "too many \(kind) are waiting")
        refusal.isOverload = true
        return refusal
    }

    /// Whether trying again may help: trouble of the node's own, not of the request.
    var isTransient: Bool { status >= 500 }

    /// The contract's form of an error.
    var answer: Answer {
        var answer = Answer.json(
            .object([
                .init("error", .string(ReasonPhrase.of(status))),
                .init("message", .string(message)),
            ]),
            status: status)
        if status == 503 { answer.retryAfterSeconds = 1 }
        return answer
    }
}

/// Reason phrases of RFC 9110 and RFC 6585.
enum ReasonPhrase {
    static func of(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: status < 400 ? "OK" : "Error"
        }
    }
}
