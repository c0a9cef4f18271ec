import EventLoops
import Glibc
import Statistics

/// One way of a connection through a proxy.
final class ProxyPipe {
    /// What a move came to.
    enum Move { case nothing, moved, swallowed, broken, cut }

    private struct Piece {
        let due: UInt64
        var bytes: ArraySlice<UInt8>
    }

    private var line: [Piece] = []
    private var lineBytes = 0
    private var lastDue: UInt64 = 0
    private var hasEnded = false
    private var passedBytes = 0
    /// When the next byte may go, where there is a rate.
    private var freeAt: UInt64 = 0

    /// Whether its end has been passed on.
    private(set) var isDone = false
    /// When it is to be looked at without news; `nil` if only news matters.
    private(set) var nextNanoseconds: UInt64?

    private static let maximumBytes = 256 << 10
    private static let pieceBytes = 64 << 10
    /// What a limited way sends at once: so much of a second.
    private static let burst = 0.05

    /// Moves one piece in and one out.
    func move(
        from source: Int32, to sink: Int32, isAnswer: Bool, _ conduct: ProxyConduct,
        _ proxy: FaultProxy
    ) -> Move {
        nextNanoseconds = nil
        guard !isDone else { return .nothing }
        let passage = isAnswer ? conduct.fromTarget : conduct.toTarget
        // Bytes for a target that is gone are read all the same, as its kernel would have.
        if passage == .held || source < 0 { return .nothing }
        var result = Move.nothing
        if !hasEnded, lineBytes < Self.maximumBytes {
            result = take(
                from: source, isAnswer: isAnswer, isLost: passage == .swallowed || sink < 0,
                conduct, proxy)
            if case .broken = result { return .broken }
        }
        guard sink >= 0 else { return result }
        let given = give(to: sink, isAnswer: isAnswer, conduct, proxy)
        return given == .nothing ? result : result == .swallowed ? .swallowed : given
    }

    /// Reads what has come.
    private func take(
        from source: Int32, isAnswer: Bool, isLost: Bool, _ conduct: ProxyConduct,
        _ proxy: FaultProxy
    ) -> Move {
        var bytes = [UInt8](repeating: 0, count: Self.pieceBytes)
        let count = recv(source, &bytes, bytes.count, 0)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? .nothing : .broken }
        if count == 0 {
            hasEnded = true
            return .moved
        }
        if conduct.resets { return .broken }
        if isLost {
            proxy.counters.swallowedBytes += count
            return .swallowed
        }
        bytes.removeLast(bytes.count - count)
        if isAnswer, conduct.corruptShare > 0, proxy.random.nextUnit() < conduct.corruptShare {
            let place = Int.random(in: 0..<min(count, 64), using: &proxy.random)
            bytes[place] ^= 0x20
            proxy.counters.corruptBytes += 1
        }
        var due = proxy.loop.nowNanoseconds
        if isAnswer ? conduct.delaysFromTarget : conduct.delaysToTarget {
            due += conduct.delayNanoseconds
            due += UInt64(Double(conduct.jitterNanoseconds) * proxy.random.nextUnit())
            if due > proxy.loop.nowNanoseconds { proxy.counters.delayedPieces += 1 }
        }
        // A stream keeps its order.
        lastDue = max(lastDue, due)
        line.append(Piece(due: lastDue, bytes: bytes[...]))
        lineBytes += count
        return .moved
    }

    /// Writes what is due.
    private func give(
        to sink: Int32, isAnswer: Bool, _ conduct: ProxyConduct, _ proxy: FaultProxy
    ) -> Move {
        guard let first = line.first else {
            guard hasEnded else { return .nothing }
            shutdown(sink, Int32(SHUT_WR))
            isDone = true
            return .nothing
        }
        let now = proxy.loop.nowNanoseconds
        let rate = isAnswer ? conduct.bytesPerSecond : nil
        let start = rate == nil ? first.due : max(first.due, freeAt)
        guard start <= now else {
            nextNanoseconds = start
            return .nothing
        }
        var bytes = first.bytes
        if let rate {
            let piece = conduct.drips ? 1 : max(1, Int(Double(rate) * Self.burst))
            bytes = bytes.prefix(piece)
        }
        if isAnswer, let end = conduct.truncatedAt {
            bytes = bytes.prefix(max(0, end - passedBytes))
            if bytes.isEmpty {
                proxy.counters.truncations += 1
                return .cut
            }
        }
        let count = bytes.withUnsafeBytes {
            send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count >= 0 else { return errno == EAGAIN || errno == EINTR ? .nothing : .broken }
        passedBytes += count
        lineBytes -= count
        if let rate { freeAt = max(freeAt, now) + UInt64(Double(count) * 1e9 / Double(rate)) }
        line[0].bytes.removeFirst(count)
        if line[0].bytes.isEmpty { line.removeFirst() }
        return .moved
    }
}
