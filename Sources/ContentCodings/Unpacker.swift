public import Exchanges

/// Unpacks the body of one answer after another on its way into the exchange; confined to its loop.
///
/// A body is whole where its last coding has ended with the last byte: one that is cut, or goes on,
/// is no right answer. An empty body is empty in any coding.
public final class Unpacker {
    private struct Stage {
        let coding: ContentCoding
        let decoder: any ContentDecoder
        /// How many bytes came out of it.
        var count = 0
    }

    private let pool: DecoderPool
    /// The decoders of the present body, in the order in which bytes go through them.
    private var stages: ContiguousArray<Stage> = []
    private var packedBytes = 0
    /// The field that was read last, and what it says.
    private var field: [UInt8] = []
    private var codings: [ContentCoding] = []

    /// An unpacker with decoders of its lane.
    public init(pool: DecoderPool) { self.pool = pool }

    deinit { discard() }

    /// Whether the present body is packed.
    public var isActive: Bool { !stages.isEmpty }

    /// Gets ready for a body by its Content-Encoding field, which may be empty.
    public func begin(_ field: [UInt8], for exchange: Exchange) -> AnswerProblem? {
        discard()
        if field.isEmpty { return nil }
        if field != self.field {
            switch ContentCoding.list(in: field) {
            case .success(let codings): self.codings = codings
            case .failure(let unknown):
                return .malformed("a content coding that was not asked for: \(unknown.name)")
            }
            self.field = field
        }
        // What was applied last is unpacked first.
        for coding in codings.reversed() {
            guard let decoder = pool.take(coding, budget: exchange.memory) else {
                return .overBudget
            }
            stages.append(Stage(coding: coding, decoder: decoder))
        }
        return nil
    }

    /// Takes the next part of the packed body.
    public func take(_ part: UnsafeRawBufferPointer, into exchange: Exchange) -> AnswerProblem? {
        packedBytes += part.count
        guard packedBytes <= Exchange.maximumBodyBytes else { return .bodyTooLarge }
        return pass(part, through: 0, into: exchange)
    }

    private func pass(
        _ part: UnsafeRawBufferPointer, through place: Int, into exchange: Exchange
    ) -> AnswerProblem? {
        guard place < stages.count else { return exchange.takeBody(part) }
        let decoder = stages[place].decoder
        let room = pool.room(of: place)
        var input = part
        var count = 0
        repeat {
            do throws(DecodingError) { count = try decoder.unpack(&input, into: room) } catch {
                return problem(error, of: stages[place])
            }
            // Bytes that come to nothing behind the next decoder take time as well.
            stages[place].count += count
            guard stages[place].count <= Exchange.maximumBodyBytes else { return .bodyTooLarge }
            let unpacked = UnsafeRawBufferPointer(rebasing: room[..<count])
            if count > 0, let problem = pass(unpacked, through: place + 1, into: exchange) {
                return problem
            }
        } while !input.isEmpty || count == room.count
        return nil
    }

    private func problem(_ error: DecodingError, of stage: Stage) -> AnswerProblem {
        if stage.decoder.memory.isShort { return .overBudget }
        return switch error {
        case .continued:
            .malformed("bytes behind the end of the \(stage.coding.rawValue) body")
        case .damaged(let words):
            .malformed("not a \(stage.coding.rawValue) body: \(words)")
        }
    }

    /// The body is over; a problem where it is not whole.
    public func end() -> AnswerProblem? {
        defer { discard() }
        guard packedBytes > 0, let cut = stages.first(where: { !$0.decoder.isAtEnd }) else {
            return nil
        }
        return .malformed("a \(cut.coding.rawValue) body that is cut short")
    }

    /// Gives the decoders back; the body is over, or nobody wants it any more.
    public func discard() {
        packedBytes = 0
        guard !stages.isEmpty else { return }
        for stage in stages { pool.give(stage.decoder, of: stage.coding) }
        stages.removeAll(keepingCapacity: true)
    }
}
