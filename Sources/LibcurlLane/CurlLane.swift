import CCurl
import ContentCodings
public import EventLoops
public import Exchanges
public import Measurements

/// The libcurl lane of one event loop: HTTP/2 and proxies, with TLS and without.
///
/// A transfer belongs to a slot, and so to a connection; an exchange takes the idle transfer that
/// was used last, else a new one up to the bound, else it waits in line, which shows as connection
/// wait.
public final class CurlLane: Transport {
    private let multi: CurlMulti
    private let settings: CurlSettings
    private let fields = RequestFields()
    private let decoders: DecoderPool?
    private let maximumTransfers: Int
    private var slots = ContiguousArray<CurlSlot>()
    private var transfers = ContiguousArray<CurlTransfer>()
    private var idle = ContiguousArray<CurlTransfer>()
    private var busy = ContiguousArray<CurlTransfer>()
    private var waiting = WaitingLine()
    private var byUser: [ObjectIdentifier: CurlTransfer] = [:]
    private var isClosed = false
    private var statistics = TransportStatistics()

    /// A lane by `settings`.
    ///
    /// Everything else only on `loop`; `endAll` must come before its end.
    public init(loop: EventLoop, settings: CurlSettings, maximumConnections: Int) {
        precondition(maximumConnections > 0, "\(maximumConnections) connections")
        self.settings = settings
        decoders = settings.network.isCompressed ? DecoderPool() : nil
        maximumTransfers = maximumConnections * settings.streams
        // A slot is a host name to curl; with several streams it must wait for its one connection.
        multi = CurlMulti(
            loop: loop, settings: settings, maximumConnections: maximumConnections,
            maximumPerSlot: settings.streams > 1 && settings.isSecure && settings.proxy == nil
                ? 1 : 0)
        multi.ended = { [unowned self] transfer, code, now in ended(transfer, code, at: now) }
    }

    /// Sends now, or as soon as a connection is free.
    public func start(_ exchange: Exchange) {
        exchange.stamps.ready = multi.loop.nowNanoseconds
        guard !isClosed else {
            return exchange.finish(
                .unfinished, detail: "the lane is closed", at: multi.loop.nowNanoseconds)
        }
        if !begin(exchange) { waiting.append(exchange) }
    }

    /// Starts an exchange where a transfer is free for it.
    private func begin(_ exchange: Exchange) -> Bool {
        var isFresh = false
        let transfer: CurlTransfer
        if settings.network.connections == .user {
            let user = ObjectIdentifier(exchange)
            guard let own = transferOf(user) else { return false }
            isFresh = own.user != user
            own.user = user
            transfer = own
        } else {
            guard let free = idle.popLast() ?? makeTransfer() else { return false }
            transfer = free
        }
        transfer.busyIndex = busy.count
        busy.append(transfer)
        transfer.begin(exchange)
        if isFresh { transfer.slot.state = .closed }
        launch(transfer, isFresh: isFresh)
        return true
    }

    /// Gives a transfer to curl, or lets it wait until the connection that it shares is open.
    private func launch(_ transfer: CurlTransfer, isFresh: Bool = false) {
        guard settings.sharesSlots else {
            if !transfer.isMultiplexed { transfer.slot.endIfUnasked() }
            transfer.setFresh(isFresh)
            return multi.start(transfer)
        }
        let slot = transfer.slot
        if slot.state == .opening { return slot.waiting.append(transfer) }
        if slot.state == .closed {
            slot.state = .opening
            slot.opener = transfer
        }
        transfer.setFresh(isFresh || settings.mustKnowReuse && slot.state == .opening)
        multi.start(transfer)
    }

    /// The opener of a slot has its connection, or has failed to get one: the others go on.
    private func settle(_ slot: CurlSlot, _ state: CurlSlot.State) {
        slot.state = state
        slot.opener = nil
        let waiting = slot.waiting
        slot.waiting.removeAll()
        for transfer in waiting { launch(transfer) }
    }

    /// The transfer of a user: its own, a new one, or one whose user has no request under way.
    private func transferOf(_ user: ObjectIdentifier) -> CurlTransfer? {
        if let own = byUser[user] { return own.busyIndex < 0 ? own : nil }
        guard let free = makeTransfer() ?? transfers.first(where: { $0.busyIndex < 0 }) else {
            return nil
        }
        if let before = free.user {
            byUser[before] = nil
            free.slot.socket?.end()
        }
        byUser[user] = free
        return free
    }

    private func makeTransfer() -> CurlTransfer? {
        guard transfers.count < maximumTransfers else { return nil }
        if transfers.count == slots.count * settings.streams {
            slots.append(CurlSlot(number: slots.count, settings: settings))
        }
        let slot = slots[slots.count - 1]
        let transfer = CurlTransfer(
            slot: slot, settings: settings, fields: fields, multi: multi, decoders: decoders)
        transfer.sent = { [unowned self] in statistics.sent += 1 }
        transfer.opened = { [unowned self] in
            multi.afterwards { [unowned self] in
                if slot.state == .opening { settle(slot, .open) }
            }
        }
        transfers.append(transfer)
        return transfer
    }

    private func ended(_ transfer: CurlTransfer, _ code: CURLcode, at now: UInt64) {
        if transfer.mustReopen {
            if transfer.slot.state == .open { transfer.slot.state = .closed }
            return launch(transfer)
        }
        var (outcome, detail) = transfer.result(code)
        if code == CURLE_COULDNT_CONNECT, multi.socketError != 0 {
            detail = SystemCallError(call: "socket", number: multi.socketError).description
        }
        if code != CURLE_OK, multi.wasShut { (outcome, detail) = CurlFailure.endless }
        if transfer.attempts > 1 { statistics.reconnects += 1 }
        if transfer.slot.opener === transfer {
            settle(transfer.slot, code == CURLE_OK ? .open : .closed)
        }
        release(transfer)?.finish(outcome, detail: detail, at: now)
    }

    /// Makes a transfer free for the next in line, and gives what it carried.
    private func release(_ transfer: CurlTransfer) -> Exchange? {
        let exchange = transfer.end()
        let index = transfer.busyIndex
        transfer.busyIndex = -1
        if let last = busy.popLast(), last !== transfer {
            busy[index] = last
            last.busyIndex = index
        }
        if settings.network.connections != .user { idle.append(transfer) }
        if let next = waiting.popFirst(), !begin(next) { waiting.append(next) }
        return exchange
    }

    private func cancel(_ transfer: CurlTransfer, _ outcome: Outcome, _ detail: String) {
        if let index = transfer.slot.waiting.firstIndex(where: { $0 === transfer }) {
            transfer.slot.waiting.remove(at: index)
        } else {
            multi.remove(transfer)
            if transfer.slot.opener === transfer { settle(transfer.slot, .closed) }
        }
        release(transfer)?.finish(outcome, detail: detail, at: multi.loop.nowNanoseconds)
    }

    /// Ends what has passed its deadline; call it as often as that is to be found out.
    public func sweep(now: UInt64) {
        guard !isClosed else { return }
        for exchange in waiting.takeExpired(at: now) {
            exchange.finish(
                .timeout, detail: "no connection was free within the timeout", at: now)
        }
        for transfer in busy.reversed() {
            if let exchange = transfer.exchange, exchange.deadline <= now {
                cancel(transfer, .timeout, "no whole answer within the timeout")
            }
        }
    }

    /// Ends everything in flight, and closes for good.
    public func endAll(_ outcome: Outcome, detail: String) {
        guard !isClosed else { return }
        isClosed = true
        while let exchange = waiting.popFirst() {
            exchange.finish(outcome, detail: detail, at: multi.loop.nowNanoseconds)
        }
        for transfer in busy.reversed() { cancel(transfer, outcome, detail) }
        multi.close()
        idle.removeAll()
        transfers.removeAll()
        byUser.removeAll()
    }

    /// Ends the idle connection of a user that sends no more.
    public func release(_ exchange: Exchange) {
        guard let own = byUser.removeValue(forKey: ObjectIdentifier(exchange)) else { return }
        own.user = nil
        if own.busyIndex < 0 { own.slot.socket?.end() }
    }

    /// What the lane did since the last call; libcurl does not say how much a read found.
    public func takeStatistics() -> TransportStatistics {
        defer { statistics = TransportStatistics() }
        statistics.opened = multi.takeOpened()
        statistics.openConnections = multi.openConnections
        return statistics
    }
}
