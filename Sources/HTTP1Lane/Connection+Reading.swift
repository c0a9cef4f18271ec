import CLinux
import EventLoops
import Exchanges
import Measurements
import Sockets

/// Answers, as they come.
extension Connection {
    /// What ends an exchange whose peer spoke first.
    private static let early = "bytes before the request was sent, which are no answer to it"
    /// The most reads in a turn, 1 MiB in all.
    private static let readsPerTurn = 16

    func readMore(toEnd: Bool) {
        var left = Self.readsPerTurn
        while state == .busy || state == .idle || state == .queued {
            guard left > 0 else { return readOn(toEnd: toEnd) }
            left -= 1
            let buffer = lane.readBuffer
            switch receive(into: buffer) {
            case .wouldBlock: return
            // Whatever comes before the request was sent means that the peer is done with this one.
            case .failed where state == .queued, .value where state == .queued:
                if let exchange { retry(exchange) }
                return
            case .failed(let number): return fail(.reset, words("recv", number))
            case .value(0): return end()
            case .value(let count):
                lane.statistics.maximumReadBytes = max(lane.statistics.maximumReadBytes, count)
                guard state == .busy else { return close() }  // Nobody asked for these bytes.
                guard written > 0 else { return fail(.malformed, Self.early) }
                let now = lane.loop.nowNanoseconds
                current?.with { if $0.stamps.firstByte == 0 { $0.stamps.firstByte = now } }
                take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: now, isLast: toEnd)
                // A short read has emptied the socket; a new edge tells of more, but not of an end
                // that came with this one.
                if tls?.isEmpty ?? (count < buffer.count && !toEnd) { return }
            }
        }
    }

    /// Reads on at the end of the turn, so that a peer that sends without end leaves the loop to
    /// others, and to the lane's sweep of what is too late.
    private func readOn(toEnd: Bool) {
        isPeerDone = toEnd
        if !isReadPending { lane.loop.callAtEndOfTurn(self) }
        isReadPending = true
    }

    /// The next bytes of the peer; 0 at the end.
    @inline(__always)
    private func receive(into buffer: UnsafeMutableRawBufferPointer) -> SystemCallResult {
        if let tls { return tls.read(into: buffer) }
        return directCall { linux_receive(descriptor, buffer.baseAddress, UInt(buffer.count)) }
    }

    /// Takes bytes that were read at `now`, monotonic nanoseconds; after the last ones of a peer
    /// that is done no request may follow.
    private func take(_ bytes: UnsafeRawBufferPointer, at now: UInt64, isLast: Bool) {
        switch parser.feed(bytes) {
        case .incomplete: break
        case .failed(let problem): fail(problem.outcome, problem.detail)
        case .complete(let keepAlive): complete(keepAlive: keepAlive && !isLast, at: now)
        }
    }

    /// The answer is whole; its last byte was read at `done`, so that parsing is no part of it.
    private func complete(keepAlive: Bool, at done: UInt64) {
        guard let exchange = current else { return }
        current = nil
        // An answer that came before the request was whole leaves the rest of it unsent.
        if keepAlive, lane.keepsConnections, written == exchange.with({ outgoing($0).count }) {
            state = .idle
            lane.connectionIsIdle(self)
        } else {
            close()
        }
        exchange.with { $0.finish(at: done) }
        lane.settle(self)
    }

    /// The peer has closed its side.
    private func end() {
        switch state == .busy ? parser.feedEnd() : nil {
        case .complete:
            guard tls?.isTruncated == true else {
                return complete(keepAlive: false, at: lane.loop.nowNanoseconds)
            }
            // Nothing but the end says that the answer is whole, and anybody can cause that one.
            fail(.reset, TLSSession.truncated)
        case .failed(let problem): fail(problem.outcome, problem.detail)
        case .incomplete, nil:
            fail(.reset, "the peer closed the connection before the answer was whole")
        }
    }
}

extension Connection: TurnHandler {
    /// Reads on where a turn's reads were not enough.
    func turnEnds() {
        isReadPending = false
        readMore(toEnd: isPeerDone)
    }
}
