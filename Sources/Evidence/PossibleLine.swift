/// A line whose numbers may be ones that no run can have, which would break sums of them.
protocol PossibleLine {
    /// Whether every number is one that a run can have.
    var isPossible: Bool { get }
}

extension SeriesRow: PossibleLine {}
extension Trough: PossibleLine {}
extension DueSecond: PossibleLine {}
extension Silence: PossibleLine {}
