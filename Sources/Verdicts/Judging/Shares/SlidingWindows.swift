import Statistics

/// The claim that every stretch of a length keeps to a limit, wherever it begins: `within any 10s`.
///
/// Windows slide by a second. PASS if each of them is inside, which needs no correction. FAIL if
/// Holm's test over consecutive windows rejects one, for one of the beginnings of the first window,
/// between which what it may err is shared.
///
/// - Source: statistics.md 2.6.
struct SlidingWindows {
    /// The verdict; INCONCLUSIVE without a full window.
    let verdict: Verdict
    /// The first second of each window that is proven to break the limit, ascending.
    let failed: [Int]
    /// How many windows there are.
    let count: Int

    /// Shares in windows of `width` seconds.
    ///
    /// - Parameters:
    ///   - seconds: how many there are.
    ///   - least: the test of the seconds in a range, by the least that counts; a FAIL rests on it.
    ///   - most: the same by the most that counts; a PASS has to hold for it.
    init(
        seconds: Int, width: Int, confidence: Double, least: (Range<Int>) -> ShareTest,
        most: (Range<Int>) -> ShareTest
    ) {
        let begins = seconds < width ? 0..<0 : 0..<(seconds - width + 1)
        let tests = begins.map { least($0..<$0 + width) }
        let keep = begins.allSatisfy {
            most($0..<$0 + width).verdict(confidence: confidence) == .pass
        }
        count = tests.count
        var failed: [Int] = []
        for shift in 0..<min(width, tests.count) where !keep {
            let own = Array(stride(from: shift, to: tests.count, by: width))
            let alpha = (1 - confidence) / Double(width)
            failed += Self.rejected(own, alpha: alpha) { begin, alpha in
                tests[begin].verdict(confidence: 1 - alpha) == .fail
            }
        }
        self.failed = failed.sorted()
        verdict =
            tests.isEmpty
            ? .inconclusive : keep ? .pass : failed.isEmpty ? .inconclusive : .fail
    }

    /// Means of a series in windows of `width` seconds, which are to be at least `limit`.
    init(_ series: Series, width: Int, atLeast limit: Double, confidence: Double) {
        let shifts = 0..<max(0, min(width, series.count - width + 1))
        let alpha = (1 - confidence) / Double(width)
        var keep = true
        var failed: [Int] = []
        for shift in shifts {
            guard let rest = try? Series(Array(series.values.dropFirst(shift))) else { continue }
            let passing = WindowedMean(
                rest, width: width, .atLeast, limit, confidence: confidence)
            if passing.verdict != .pass { keep = false }
            let failing = WindowedMean(
                rest, width: width, .atLeast, limit, confidence: 1 - alpha)
            failed += failing.failed.map { shift + $0 * width }
        }
        self.failed = keep ? [] : failed.sorted()
        count = max(0, series.count - width + 1)
        verdict =
            shifts.isEmpty
            ? .inconclusive : keep ? .pass : failed.isEmpty ? .inconclusive : .fail
    }

    /// Holm's step-down by verdicts alone: those that fail at alpha/m, then at alpha/(m - those),
    /// and so on.
    private static func rejected(
        _ windows: [Int], alpha: Double, fails: (_ window: Int, _ alpha: Double) -> Bool
    ) -> [Int] {
        var rejected: [Int] = []
        while rejected.count < windows.count {
            let own = alpha / Double(windows.count - rejected.count)
            let more = windows.filter { fails($0, own) }
            if more.count <= rejected.count { break }
            rejected = more
        }
        return rejected
    }
}
