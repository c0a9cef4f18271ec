import Checker
import Statistics

/// Random operations on one key that obey the rules of its life.
///
/// Values are unique, and it is deleted once. What gets return is random, so that about half of the
/// histories are wrong.
enum SmallHistory {
    static func random(_ random: inout SeededRandom) -> [Operation] {
        let count = Int.random(in: 2...9, using: &random)
        let width = UInt64.random(in: 1...8, using: &random)
        var written: [UInt64] = []
        var isDeleted = false
        var history: [Operation] = []
        for index in 0..<count {
            let begin = UInt64.random(in: 0...16, using: &random)
            let time = begin...begin + UInt64.random(in: 0...width, using: &random)
            let outcome = [Operation.Outcome.ok, .ok, .ok, .maybe, .failed].randomElement(
                using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0 where !isDeleted:
                isDeleted = outcome != .failed
                history.append(Operation(.delete, key: 7, outcome: outcome ?? .ok, at: time))
            case 0..<4:
                written.append(UInt64(index + 1))
                history.append(
                    Operation(
                        .put, key: 7, value: UInt64(index + 1), outcome: outcome ?? .ok, at: time))
            default:
                history.append(Operation(.get, key: 7, value: 0, at: time))
            }
        }
        // A value that nobody wrote is read now and then.
        let values = written + written + [Operation.none, Operation.none, Operation.none]
        for index in history.indices where history[index].kind == .get {
            history[index].value =
                Int.random(in: 0..<40, using: &random) == 0
                ? 99 : values.randomElement(using: &random) ?? 0
        }
        return history
    }
}
