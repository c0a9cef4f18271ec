/// A request as it came, its framing taken off.
struct Request: Sendable {
    /// The method, in capitals.
    var method = ""
    /// The path as sent, without the query, not yet decoded.
    var path = ""
    /// The query as sent, without its question mark.
    var query = ""
    var contentType: String?
    var body: [UInt8] = []
    /// The faults that the sender asks for; only the admin port heeds it.
    var injection: String?
    /// Whether the connection may carry another request.
    var keepsAlive = true
    /// Whether the sender waits for `100 Continue` before it sends the body.
    var expectsContinue = false
    /// When the head was complete, in monotonic nanoseconds.
    var startNanoseconds: UInt64 = 0
}
