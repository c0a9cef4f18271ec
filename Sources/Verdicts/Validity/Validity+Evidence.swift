import Evidence
import Histograms
import Measurements
import Profiles

extension Validity {
    /// A clock that moves more than this in a second was set.
    private static let maximumStepNanoseconds: Int64 = 10_000_000
    /// Rows are a second apart; further apart than this, a row is missing or the run stood still.
    private static let maximumGapSeconds = 1.5

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
        evidence.events.first { $0.kind == .stuck }.map {
            void(
                "\($0.detail); find out what the target sent then, and if it was right, say so to "
                    + "those who maintain loadgen.")
        }
    }

    // MARK: Lost evidence

    func ending() -> RunVerdict.Finding? {
        guard !evidence.isComplete else { return nil }
        let sealed = evidence.sealedSeconds.map {
            ": seals.ndjson has no last line, and what came after \(Figure.significant($0)) s is "
                + "left out"
        }
        return void(
            "the run did not come to its end, and what happened then is lost (every second of the "
                + "load must be there)\(sealed ?? ""); run again.")
    }

    /// The evidence is not what the run wrote.
    func damage() -> RunVerdict.Finding? {
        guard let first = evidence.damage.first else { return nil }
        let others =
            evidence.damage.count > 1 ? " (and \(evidence.damage.count - 1) more files)" : ""
        return void(
            "the evidence is not what the run wrote: \(first)\(others) (allowed no difference); "
                + "take a copy that is whole, or run again.")
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
        guard evidence.isComplete, let first = evidence.losses.first(where: \.isCutLine) else {
            return nil
        }
        return void("evidence is lost: \(first) (allowed none); run again with room on the disk.")
    }

    /// Requests are counted in one file and sampled in the other; those that failed are listed in a
    /// third.
    func samples() -> RunVerdict.Finding? {
        let counts = evidence.outcomes { _, _ in true }
        let right = counts[.ok] ?? 0
        // A dropped arrival is no request, and has no latency.
        let failed = counts.reduce(0) { sum, count in
            count.key.isFailure && count.key != .dropped ? sum + count.value : sum
        }
        for (counted, isFailed) in [(right, false), (failed, true)] {
            let sampled = Int(
                clamping: evidence.histogram(.latency, failed: isFailed) { _, _ in true }
                    .totalCount)
            // Not everybody who makes such evidence samples what failed.
            guard counted != sampled, !isFailed || sampled > 0 else { continue }
            return void(
                "series.ndjson counts \(Figure.whole(counted)) "
                    + "\(isFailed ? "failed requests" : "right answers") and latency.hlog has "
                    + "\(Figure.whole(sampled)) of them (allowed no difference): lines are lost; "
                    + "run again.")
        }
        guard evidence.failures.count > failed else { return nil }
        return void(
            "series.ndjson counts \(Figure.whole(failed)) failed requests and failures.ndjson has "
                + "\(Figure.whole(evidence.failures.count)) of them (allowed no more): lines are "
                + "lost; run again.")
    }
}
