import Verdicts

/// What every format of a comparison shows.
extension ComparisonRecord {
    /// What the verdicts hold for.
    var scope: String {
        var text = "profile \(profile), "
        switch comparison.design {
        case .paired:
            let looks = comparison.looks.map { Figure.whole($0) }.joined(separator: ", ")
            text += "\(Figure.whole(comparison.rounds)) rounds side by side"
            text += looks.isEmpty ? ", no look" : ", looks at \(looks)"
        case .unpaired:
            text += "\(baseline.count) and \(candidate.count) runs made apart"
            text += comparison.isTimeMixed ? ", in turns" : ", not in turns"
        }
        text += "; confidence \(Figure.given(comparison.confidence)), margin "
        text += Figure.given(comparison.margin)
        if let seconds = seconds { text += ", \(Figure.significant(seconds)) s" }
        return text
    }

    /// A line for each metric.
    var table: [[String]] {
        [["metric", "verdict", "base", "candidate", "effect", "bounds", "smallest seen"]]
            + comparison.metrics.map { metric in
                let figures = ComparisonFigures(metric)
                return [
                    metric.metric, figures.word, figures.baseline, figures.candidate,
                    figures.effect, figures.bounds, figures.smallestSeen,
                ]
            }
    }
}
