public import Collector
public import Evidence

/// One request and its answer, between a virtual user and a transport; reused for every request.
///
/// Confined to the loop of its user.
public final class Exchange {
    /// The request as HTTP/1.1 has it on the wire, head and body.
    public var request: [UInt8] = []
    /// Whether the method is HEAD, whose answer has no body.
    public var isHead = false
    /// The stamps; the transport sets all but `due`: `ready` when it sends, opens a connection or
    /// puts the exchange in line.
    public var stamps = Stamps(due: 0)
    /// Whether a step or a cookie jar reads the answer's header fields; a transport fills `headers`
    /// only then.
    public var wantsHeaders = false
    /// When it becomes a timeout, monotonic nanoseconds.
    public var deadline: UInt64 = 0
    /// Whether it is an arrival of the open model, many of which come at once only where the
    /// generator is late: it then takes a connection that an answer frees before it opens one.
    public var isArrival = false

    /// How the transport ended it; `ok` for any whole answer.
    public var outcome = Outcome.ok
    /// What went wrong, in words; empty for `ok`.
    public var detail = ""
    /// The answer's status, or 0.
    public var status = 0
    /// The answer's Content-Type field, or empty.
    public var contentType = ""
    /// The answer's header fields, where they are wanted; those of an interim answer go again.
    public var headers = HeaderFields()
    /// The answer's body.
    public var body: [UInt8] = []

    /// The transport's own: the connection that belongs to the user of this exchange.
    public var carrier: AnyObject?

    /// A body's memory above this is given back before the next request.
    private static let maximumKeptBytes = 64 << 10
    /// Who is told of the end; it must outlive the exchange, as a user does that owns it.
    public unowned(unsafe) var handler: (any ExchangeHandler)?
    /// Whether `finish` was called since `prepare`.
    public private(set) var isFinished = false

    /// An exchange with nothing in it.
    public init() {}

    /// Clears what an earlier answer left, and takes the stamps of the next request.
    public func prepare(due: UInt64, deadline: UInt64) {
        stamps = Stamps(due: due)
        self.deadline = deadline
        outcome = .ok
        detail = ""
        status = 0
        headers.removeAll()
        if !body.isEmpty {
            body.removeAll(keepingCapacity: body.capacity <= Self.maximumKeptBytes)
        }
        isFinished = false
    }

    /// The bytes of `request`, which stay where they are until the exchange has ended; no reference
    /// to them is counted.
    @inline(__always)
    public var requestBytes: UnsafeRawBufferPointer { request.withUnsafeBytes { $0 } }

    /// Ends the exchange and tells its handler, which may start the next request at once; the
    /// transport's last word on it.
    public func finish(_ outcome: Outcome, detail: String, at done: UInt64) {
        self.outcome = outcome
        self.detail = detail.printable
        finish(at: done)
    }

    /// Ends the exchange with a whole answer.
    public func finish(at done: UInt64) {
        precondition(!isFinished, "an exchange ended twice")
        isFinished = true
        stamps.done = done
        handler?.exchangeEnded()
    }
}

/// Who waits for the end of an exchange; called on its loop.
public protocol ExchangeHandler: AnyObject {
    /// The exchange has ended.
    func exchangeEnded()
}
