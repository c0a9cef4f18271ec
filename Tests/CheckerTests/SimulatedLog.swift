import Checker
import Statistics

/// Events that clients add to a log at once, and two lists of it at the end.
struct SimulatedLog {
    enum Lie: CaseIterable {
        case drops, duplicates, executesRefused, invents

        var anomaly: Anomaly {
            switch self {
            case .drops: .lost
            case .duplicates: .duplicated
            case .executesRefused: .executedAfterRefusal
            case .invents: .invented
            }
        }
    }

    private var adds: [Operation] = []
    /// Values in the order of the log.
    private var content: [UInt64] = []
    private let endTime: UInt64

    init(_ random: inout SeededRandom) {
        var points: [(point: UInt64, value: UInt64)] = []
        for client in 0..<8 as Range<UInt64> {
            var now = UInt64.random(in: 0..<1000, using: &random)
            for sequence in 1...30 as ClosedRange<UInt64> {
                let length = UInt64.random(in: 1..<2000, using: &random)
                let luck = Int.random(in: 0..<10, using: &random)
                let outcome: Operation.Outcome = luck == 0 ? .maybe : luck == 1 ? .failed : .ok
                let value = client << 48 | sequence
                adds.append(
                    Operation(
                        .add, key: 0, value: value, outcome: outcome, client: UInt16(client),
                        at: now...now + length))
                if outcome == .ok || outcome == .maybe && Bool.random(using: &random) {
                    points.append((now + UInt64.random(in: 0...length, using: &random), value))
                }
                now += length + 1
            }
        }
        points.sort { $0.point < $1.point }
        content = points.map(\.value)
        endTime = (adds.map(\.completed).max() ?? 0) + 1
    }

    /// What a right log answers.
    var operations: [Operation] { adds + list(content, 0) + list(content, 1) }

    /// What a log answers that has done one thing wrong.
    func lying(_ lie: Lie) -> [Operation] {
        var content = content
        switch lie {
        case .drops:
            let acknowledged = Set(adds.lazy.filter { $0.outcome == .ok }.map(\.value))
            let dropped = content.last { acknowledged.contains($0) }
            content.removeAll { $0 == dropped }
        case .duplicates: content.append(content[content.count / 2])
        case .executesRefused:
            content += adds.filter { $0.outcome == .failed }.prefix(1).map(\.value)
        case .invents: content.insert(.max, at: content.count / 2)
        }
        return adds + list(content, 0) + list(content, 1)
    }

    private func list(_ values: [UInt64], _ number: UInt16) -> [Operation] {
        let start = endTime + UInt64(number) * 1_000_000
        return (values + [Operation.none]).enumerated().map { index, value in
            let page = start + UInt64(index / 100) * 10
            return Operation(.list, key: 0, value: value, client: number, at: page...page + 5)
        }
    }
}
