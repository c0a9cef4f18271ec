import Checker
import Contracts
import Exchanges
import JSON
import Measurements
import Profiles
import Requests

/// What is recorded of checked requests.
extension Shard {
    /// A log of more pages is not read to its end.
    private static let maximumPages = 100_000

    /// Hands over what was recorded since the last time; on the loop only.
    public func takeOperations() -> OperationJournal.Part { journal.take() }

    /// Draws the key of an iteration.
    func takeKey(_ key: Template, _ user: VirtualUser) {
        user.checked.key.removeAll(keepingCapacity: true)
        user.checked.key.append(contentsOf: plan.runPrefix)
        key.render(into: &user.checked.key, for: user, values: &values)
        user.checked.number = journal.number(of: user.checked.key, scenario: user.scenario)
    }

    // MARK: Answers

    /// Reads what a right answer says of the store.
    func read(_ access: CompiledAccess, _ user: VirtualUser, _ json: inout JSONValue?) {
        if let page = access.page { return read(page, access, user, &json) }
        let exchange = user.exchange
        switch access.source {
        case nil: break
        case .path(let path):
            guard let root = parsed(&json, exchange) else {
                return mark(exchange, .wrongContent, "the body is not JSON", check: "not JSON")
            }
            user.checked.read = Self.value(path.value(in: root))
        case .header(let name):
            user.checked.read =
                exchange.headers.firstIndex(of: name).map {
                    Self.value(exchange.headers.value(at: $0))
                } ?? Checker.Operation.none
        case .expression(let expression):
            let place = exchange.body.withUnsafeBufferPointer { expression.firstMatch(in: $0) }
            user.checked.read =
                place.map { Self.value(exchange.body[$0]) } ?? Checker.Operation.none
        }
    }

    private func read(
        _ page: CheckedAccess.Page, _ access: CompiledAccess, _ user: VirtualUser,
        _ json: inout JSONValue?
    ) {
        let exchange = user.exchange
        guard let root = parsed(&json, exchange), let events = page.events.value(in: root)?.array
        else {
            return mark(
                exchange, .wrongContent, "the body has no list of events at \(page.events)",
                check: "no list at \(page.events)")
        }
        user.checked.page.removeAll(keepingCapacity: true)
        for event in events { user.checked.page.append(Self.value(page.value.value(in: event))) }
        let mark: JSONValue? =
            switch page.next {
            case nil: nil
            case .answer(let path): path.value(in: root)
            case .last(let path): events.last.flatMap { path.value(in: $0) }
            }
        var next: [UInt8] = []
        if let mark, mark != .null { next += (mark.string ?? mark.text).utf8 }
        if access.isMore, !next.isEmpty, !events.isEmpty, next == user.checked.next {
            return self.mark(
                exchange, .wrongContent, "the mark of the next page is that of this page",
                check: "the page's own mark")
        }
        user.checked.next = next
        user.checked.isEnd = events.isEmpty || user.checked.next.isEmpty
    }

    /// The value that an answer holds: a number of ours, or one that is nobody's.
    private static func value(_ value: JSONValue?) -> UInt64 {
        guard let value, value != .null else { return Checker.Operation.none }
        return Self.value((value.string ?? value.text).utf8)
    }

    private static func value(_ text: some Sequence<UInt8>) -> UInt64 {
        var (number, digits, hash): (UInt64, Int, UInt64) = (0, 0, 0xcbf2_9ce4_8422_2325)
        var isNumber = true
        for byte in text {
            digits += 1
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            guard isNumber, digits <= 18, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9")
            else {
                isNumber = false
                continue
            }
            number = number * 10 + UInt64(byte - UInt8(ascii: "0"))
        }
        // What nobody of this run has written is told apart from what somebody has.
        return isNumber && number > 0 ? number : hash | 1 << 63
    }

    // MARK: Records

    /// Records a request that was answered right.
    ///
    /// - Returns: how many instructions of the scenario it goes on by.
    func recordAnswered(_ access: CompiledAccess, _ step: CompiledStep, _ user: VirtualUser) -> Int
    {
        guard access.kind == .list else {
            let value =
                switch access.kind {
                case .get: user.checked.read
                case .put, .add: user.checked.written
                case .delete, .list: Checker.Operation.none
                }
            record(access, user, value: value, outcome: .ok)
            return 1
        }
        if !access.isMore {
            user.checked.list = journal.beginList()
            user.checked.pages = 0
        }
        user.checked.pages += 1
        for value in user.checked.page { record(access, user, value: value, outcome: .ok) }
        let isWhole = user.checked.isEnd || (!access.isMore && !step.hasMorePages)
        if isWhole { record(access, user, value: Checker.Operation.none, outcome: .ok) }
        guard !isWhole, user.checked.pages < Self.maximumPages else {
            return step.hasMorePages ? 2 : 1
        }
        return access.isMore ? 0 : 1
    }

    /// Records a request that failed: for certain if it never left, or was refused by the target
    /// itself; else nobody knows.
    func recordFailed(_ access: CompiledAccess, _ user: VirtualUser) {
        if access.kind == .list { return }
        let exchange = user.exchange
        let isCertain =
            (exchange.outcome == .refused && exchange.stamps.sent == 0)
            || exchange.stamps.ready == 0
            || (exchange.outcome.wasAnswered
                && access.refusalStatuses.contains(exchange.status)
                && access.refusalHeader.map { exchange.headers.firstIndex(of: $0) != nil } ?? true)
        let value =
            access.kind == .put || access.kind == .add
            ? user.checked.written : Checker.Operation.none
        record(access, user, value: value, outcome: isCertain ? .failed : .maybe)
    }

    private func record(
        _ access: CompiledAccess, _ user: VirtualUser, value: UInt64,
        outcome: Checker.Operation.Outcome
    ) {
        let client: UInt16
        if access.kind == .list {
            guard let list = user.checked.list else { return }
            client = list
        } else {
            client = UInt16(truncatingIfNeeded: user.number)
        }
        let stamps = user.exchange.stamps
        let invoked = stamps.ready == 0 ? stamps.done : min(stamps.ready, stamps.done)
        journal.append(
            Checker.Operation(
                access.kind, key: user.checked.number, value: value, outcome: outcome,
                client: client, at: invoked...stamps.done))
        if isReadingBack, outcome == .ok, access.kind == .get || value == Checker.Operation.none {
            keysRead.insert(user.checked.number)
        }
    }
}
