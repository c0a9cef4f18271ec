public import Measurements

/// Chooses, of all loops' silences, those that say when the target was silent.
///
/// A loop is often without an answer because it had nothing to ask; that is kept only where another
/// loop waited meanwhile, whose silence it must not end.
public struct SilenceMerger {
    private let loopCount: Int
    /// The latest in which nothing waited, by operation.
    private var idle: [String: [Silence]] = [:]
    /// The latest in which something waited, by operation.
    private var waiting: [String: [Silence]] = [:]

    /// More are not kept of an operation; older ones are over for all loops.
    private static let maximumKept = 256

    /// For so many loops.
    public init(loopCount: Int) { self.loopCount = loopCount }

    /// Takes silences that will not change any more, and gives those to be written.
    public mutating func take(_ silences: [Silence]) -> [Silence] {
        var kept = silences.filter(\.isWaiting)
        guard loopCount > 1 else { return kept }
        for silence in kept { waiting[silence.operation, default: []].append(silence) }
        let operations = Set(silences.map(\.operation))
        for silence in silences where !silence.isWaiting {
            idle[silence.operation, default: []].append(silence)
        }
        for operation in operations.sorted() {
            let others = waiting[operation] ?? []
            let all = idle[operation] ?? []
            var left: [Silence] = []
            for silence in all {
                if others.contains(where: { $0.loop != silence.loop && $0.overlaps(silence) }) {
                    kept.append(silence)
                } else {
                    left.append(silence)
                }
            }
            idle[operation] = left.suffix(Self.maximumKept)
            waiting[operation] = others.suffix(Self.maximumKept)
        }
        return kept
    }
}
