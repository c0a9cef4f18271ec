import Measurements

extension Outcome {
    /// Its place among all cases, without a search.
    var index: Int {
        switch self {
        case .ok: 0
        case .wrongStatus: 1
        case .wrongContent: 2
        case .tooSlow: 3
        case .malformed: 4
        case .timeout: 5
        case .refused: 6
        case .reset: 7
        case .unfinished: 8
        case .dropped: 9
        case .overBudget: 10
        }
    }
}
