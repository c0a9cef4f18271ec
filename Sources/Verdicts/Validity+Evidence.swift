import Evidence
import Histograms
import Profiles

extension Validity {
    /// A clock that moves more than this in a second was set.
    private static let maximumStepNanoseconds: Int64 = 10_000_000
    /// Rows are a second apart; further apart than this, a row is missing or the run stood still.
    private static let maximumGapSeconds = 2.5

    func clock() -> RunVerdict.Finding? {
        let step = evidence.rows.compactMap(\.clockStepNanoseconds)
            .max { $0.magnitude < $1.magnitude }
        guard let step, step.magnitude > Self.maximumStepNanoseconds.magnitude else { return nil }
        return void(
            "the clock of the machine was set by \(Figure.time(step.magnitude)) during the run "
                + "(allowed \(Figure.time(UInt64(Self.maximumStepNanoseconds))) in a second); run "
                + "again while nothing sets the clock.")
    }

    func suspension() -> RunVerdict.Finding? {
        let most = evidence.rows.compactMap(\.suspendedNanoseconds).max() ?? 0
        guard most > Self.maximumStepNanoseconds else { return nil }
        return void(
            "the machine was suspended for \(Figure.time(UInt64(most))) during the run (allowed "
                + "\(Figure.time(UInt64(Self.maximumStepNanoseconds)))); run again on one that "
                + "stays awake.")
    }

    /// A thread that hangs sends nothing and sees nothing.
    func stuck() -> RunVerdict.Finding? {
        evidence.events.first { $0.kind == "stuck" }.map {
            void(
                "\($0.detail); find out what the target sent then, and if it was right, say so to "
                    + "those who maintain loadgen.")
        }
    }

    // MARK: Lost evidence

    func ending() -> RunVerdict.Finding? {
        guard !evidence.isComplete else { return nil }
        return void(
            "the run did not come to its end, and what happened then is lost (every second of the "
                + "load must be there); run again.")
    }

    func gap() -> RunVerdict.Finding? {
        // Where every request is accounted for by its due time, no line is lost: the row came late.
        guard !evidence.hasWholeDue else { return nil }
        var last = 0.0
        for row in evidence.rows {
            if row.timeSeconds - last > Self.maximumGapSeconds {
                return void(
                    "series.ndjson has nothing between \(Figure.significant(last)) s and "
                        + "\(Figure.significant(row.timeSeconds)) s (allowed "
                        + "\(Figure.significant(Self.maximumGapSeconds)) s): lines are lost, or "
                        + "the generator stood still; run again on an idle machine.")
            }
            last = row.timeSeconds
        }
        return nil
    }

    func cutLines() -> RunVerdict.Finding? {
        let cut = evidence.losses.filter { $0.contains("was cut off") }
        guard evidence.isComplete, let first = cut.first else { return nil }
        return void("evidence is lost: \(first) (allowed none); run again with room on the disk.")
    }

    /// Right answers are counted in one file and sampled in the other.
    func samples() -> RunVerdict.Finding? {
        let counted = evidence.outcomes { _, _ in true }[.ok] ?? 0
        let sampled = Int(evidence.histogram(.latency) { _, _ in true }.totalCount)
        guard counted != sampled else { return nil }
        return void(
            "series.ndjson counts \(Figure.whole(counted)) right answers and latency.hlog has "
                + "\(Figure.whole(sampled)) of them (allowed no difference): lines are lost; run "
                + "again.")
    }
}
