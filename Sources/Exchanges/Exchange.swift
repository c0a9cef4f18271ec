public import Measurements

/// One request and its answer, between a virtual user and a lane; reused for every request.
///
/// Confined to the loop of its user.
public final class Exchange {
    /// The request as HTTP/1.1 has it on the wire, head and body.
    public var request: [UInt8] = []
    /// Whether the method is HEAD, whose answer has no body.
    public var isHead = false
    /// The stamps; the lane sets all but `due`: `ready` when it sends, opens a connection or
    /// puts the exchange in line.
    public var stamps = Stamps(due: 0)
    /// Whether a step or a cookie jar reads the answer's header fields; a lane fills `headers`
    /// only then.
    public var wantsHeaders = false
    /// When it becomes a timeout, monotonic nanoseconds.
    public var deadline: UInt64 = 0
    /// Whether it is an arrival of the open model, many of which come at once only where the
    /// generator is late: it then takes a connection that an answer frees before it opens one.
    public var isArrival = false

    /// How the lane ended it; `ok` for any whole answer.
    public var outcome = Outcome.ok
    /// What went wrong, in words; empty for `ok`.
    public var detail = ""
    /// The answer's status, or 0.
    public var status = 0
    /// The answer's Content-Type field, or empty.
    public var contentType = ""
    /// The answer's header fields, where they are wanted; those of an interim answer go again.
    public var headers = HeaderFields()
    /// The answer's body, or its beginning where `keptBodyBytes` is less.
    public var body: [UInt8] = []
    /// How many bytes of a body are kept; those behind them are counted and dropped as they come.
    public var keptBodyBytes = Int.max
    /// How many bytes the body has so far, unpacked, whether they were kept or not.
    public private(set) var bodyCount = 0
    /// How long the answer says that its body is, in bytes; 0 if it does not.
    public var announcedBodyBytes = 0

    /// The lane's own: the connection that belongs to the user of this exchange.
    public var carrier: AnyObject?

    /// Where its memory comes from.
    public let memory: MemoryBudget
    /// What the body, the header fields and a request that was written for it alone have of that.
    private var bodyReserved = 0
    private var headersReserved = 0
    private var requestReserved = 0
    /// Whether the request was written for this exchange alone; else it is a step's.
    public var ownsRequest = false

    /// The largest body that is taken, in bytes.
    public static let maximumBodyBytes = 64 << 20
    /// Memory of a body above this is given back when the answer is done with.
    private static let maximumReusedBytes = 64 << 10
    /// Memory below this is kept even when it is scarce.
    private static let minimumReusedBytes = 4 << 10
    /// Who is told of the end; it must outlive the exchange, as a user does that owns it.
    public unowned(unsafe) var handler: (any ExchangeHandler)?
    /// Whether `finish` was called since `prepare`.
    public private(set) var isFinished = false

    /// An exchange with nothing in it, whose answers are held in `memory`.
    public init(memory: MemoryBudget = MemoryBudget()) { self.memory = memory }

    deinit { memory.release(bodyReserved + headersReserved + requestReserved) }

    /// Clears what an earlier answer left, and takes the stamps of the next request.
    public func prepare(due: UInt64, deadline: UInt64) {
        stamps = Stamps(due: due)
        self.deadline = deadline
        outcome = .ok
        detail = ""
        status = 0
        headers.removeAll()
        if !body.isEmpty { body.removeAll(keepingCapacity: true) }
        bodyCount = 0
        announcedBodyBytes = 0
        isFinished = false
    }

    /// Takes the next part of the body; `nil` if nothing is wrong with it.
    public func takeBody(_ part: UnsafeRawBufferPointer) -> AnswerProblem? {
        bodyCount += part.count
        guard bodyCount <= Self.maximumBodyBytes else { return .bodyTooLarge }
        let room = keptBodyBytes - body.count
        guard part.count > room else { return append(part) }
        return room > 0 ? append(UnsafeRawBufferPointer(rebasing: part[..<room])) : nil
    }

    @inline(__always)
    private func append(_ part: UnsafeRawBufferPointer) -> AnswerProblem? {
        if body.count + part.count > bodyReserved {
            // Who sends little may announce much.
            let isLarge = body.count >= Self.maximumReusedBytes
            let hint = isLarge ? min(announcedBodyBytes, Self.maximumBodyBytes, keptBodyBytes) : 0
            guard memory.grow(&body, by: part.count, reserved: &bodyReserved, hint: hint) else {
                return .overBudget
            }
        }
        body.append(contentsOf: part)
        return nil
    }

    /// Counts the memory of the header fields; call it where fields were added.
    public func countHeaders() -> AnswerProblem? {
        let size = headers.memoryBytes
        guard size > headersReserved else { return nil }
        guard memory.reserve(size - headersReserved) else { return .overBudget }
        headersReserved = size
        return nil
    }

    /// Counts the memory of a request that was written for this exchange alone, perhaps with what
    /// the target has given.
    @inline(__always)
    public func countRequest() -> AnswerProblem? {
        let size = request.capacity
        guard size > max(requestReserved, Self.minimumReusedBytes) else { return nil }
        guard memory.reserve(size - requestReserved) else { return .overBudget }
        requestReserved = size
        return nil
    }

    /// Gives back memory that the next answer is unlikely to need; the answer is gone then.
    @inline(__always)
    public func giveBack() {
        if bodyReserved + headersReserved + requestReserved > Self.minimumReusedBytes {
            giveBackMuch()
        }
    }

    private func giveBackMuch() {
        let bound = memory.isScarce ? Self.minimumReusedBytes : Self.maximumReusedBytes
        if bodyReserved > bound {
            body = []
            memory.release(bodyReserved)
            bodyReserved = 0
        }
        if ownsRequest, requestReserved > bound {
            request = []
            memory.release(requestReserved)
            requestReserved = 0
        }
        if headersReserved > min(bound, HeaderFields.maximumReusedBytes) {
            headers = HeaderFields()
            memory.release(headersReserved)
            headersReserved = 0
        }
    }

    /// The bytes of `request`, which stay where they are until the exchange has ended; no reference
    /// to them is counted.
    @inline(__always)
    public var requestBytes: UnsafeRawBufferPointer { request.withUnsafeBytes { $0 } }

    /// Ends the exchange and tells its handler, which may start the next request at once; the
    /// lane's last word on it.
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
