/// What is said of windows.
struct WindowWords {
    let count: Int
    let width: Int
    let failed: [RunVerdict.OfObjective.Window]
    let confidence: Double

    /// How they were judged.
    var method: String {
        "\(Figure.whole(count)) windows of \(width) s, sliding by a second; all must pass, and a "
            + "FAIL is corrected for their number (Holm)"
    }

    func pass(_ all: String) -> String { "PASS: every window of \(width) s keeps it; \(all)." }

    func fail(_ all: String, value: (Double) -> String) -> String {
        let worst = failed.prefix(3).map { window in
            "\(ShareSentence.second(window.startSeconds)) to "
                + "\(ShareSentence.second(window.endSeconds)): \(value(window.value))"
        }
        let more = failed.count > worst.count ? ", and \(failed.count - worst.count) more" : ""
        return "FAIL: \(Figure.whole(failed.count)) "
            + "\(failed.count == 1 ? "window" : "windows") of \(width) s broke it "
            + "(\(worst.joined(separator: ", "))\(more)); \(all)."
    }

    func inconclusive(_ all: String) -> String {
        count == 0
            ? "INCONCLUSIVE: no judged stretch is as long as a window of \(width) s; \(all)."
            : "INCONCLUSIVE: not every window is proven to keep it, and none to break it; \(all)."
    }
}
