import JSON

/// What the node answers to a request.
struct Answer: Sendable {
    var status: Int
    var contentType: String
    var body: [UInt8]
    var allow: String?
    var retryAfterSeconds: Int?
    /// The job that this is the answer of.
    var job: String?
    /// Whether it is the plain answer to a ping.
    var isPong = false
    /// Whether the connection ends with it.
    var closes = false
    /// How it is to be delivered, where a fault was injected.
    var delivery = Delivery()

    /// What becomes of an answer on its way out.
    struct Delivery: Sendable {
        /// It waits for so long first.
        var delayNanoseconds: UInt64 = 0
        /// The connection is reset instead.
        var isReset = false
        /// So many bytes a second, one by one; 0 for at once.
        var dripBytesPerSecond = 0

        var isPlain: Bool { delayNanoseconds == 0 && !isReset && dripBytesPerSecond == 0 }
    }

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

    /// Only a message.
    static func message(_ text: String) -> Answer {
        .json(.object([.init("message", .string(text))]))
    }
}
