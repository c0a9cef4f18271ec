import Evidence
import Measurements
import Profiles
import Testing

@testable import Verdicts

@Suite struct TrialClaimTests {
    private func judge(
        _ run: RecordedRun, _ objective: String
    ) throws -> RunVerdict.OfObjective {
        let (evidence, profile) = try run.evidence([objective])
        return try #require(Judge.judge(evidence, profile: profile).objectives.first)
    }

    /// 100/s with a crash every 4 s, of which the first `late` last 1.5 s, and the others 0.4 s.
    private func run(trials: Int, late: Int = 0, share: Double = 0) -> RecordedRun {
        var run = RecordedRun(seconds: 4 * trials + 6)
        run.add(rate: 100)
        run.fail(0..<Double(run.seconds), .wrongStatus, share: share)
        for index in 1...trials {
            let time = Double(4 * index) + 0.0137 * Double(index)
            run.strike(at: time)
            run.fail(time..<time + (index <= late ? 1.5 : 0.4), .refused)
        }
        return run
    }

    // Clopper and Pearson: 59 trials without a miss, 93 with one, 124 with two prove 5 % at 95 %.
    @Test(arguments: [
        (59, 0, RunVerdict.Word.pass), (58, 0, .inconclusive), (59, 1, .inconclusive),
        (93, 1, .pass), (92, 1, .inconclusive), (124, 2, .pass), (59, 7, .fail),
        (10, 3, .fail),
    ])
    func `so many trials with so many misses prove what the binomial says`(
        trials: Int, late: Int, verdict: RunVerdict.Word
    ) throws {
        let found = try judge(
            run(trials: trials, late: late), "recovery p(95) < 1s over \(trials) trials")
        #expect(found.verdict == verdict, "\(found.sentence)")
        #expect(found.trials?.judged == trials && found.trials?.missed == late)
        #expect(found.total == trials && found.count == late)
    }

    @Test func `a claim says over how many trials, and what fewer lack`() throws {
        let passed = try judge(run(trials: 59), "recovery p(95) < 1s over 59 trials")
        #expect(
            passed.sentence.hasPrefix(
                "PASS: at least 95 % of such failures recover within 1 s, at 95 % confidence: "
                    + "59 of 59 did (hang), the slowest in "), "\(passed.sentence)")
        #expect(passed.upper.map { $0 > 0.39 && $0 < 0.45 } == true)
        let few = try judge(run(trials: 20), "recovery p(95) < 1s over 59 trials")
        #expect(few.verdict == .inconclusive && few.trials?.needed == 59)
        #expect(few.needed?.sentence.contains("59 trials without a miss") == true)
        let missed = try judge(run(trials: 59, late: 2), "recovery p(95) < 1s over 59 trials")
        #expect(missed.needed?.sentence.contains("124 trials with 2 misses") == true)
        #expect(missed.upper.map { $0 > 1.49 } == true)
    }

    @Test func `a trial that was not over counts as missed`() throws {
        var cut = run(trials: 59)
        let last = 4 * 59 + 0.0137 * 59
        cut.fail(last..<Double(cut.seconds), .refused)
        let found = try judge(cut, "recovery p(95) < 9s over 59 trials")
        #expect(found.trials?.missed == 1 && found.verdict == .inconclusive)
        #expect(found.trials?.needed == 93 && found.upper == nil)
    }

    @Test(arguments: [0, 0.0001])
    func `a fault shows with the first request that goes wrong by it`(share: Double) throws {
        let crashed = run(trials: 12, share: share)
        #expect(try judge(crashed, "detection < 100ms").verdict == .pass)
        #expect(try judge(crashed, "detection < 1ms").verdict == .fail)
        #expect(try judge(crashed, "detection p(75) < 100ms over 11 trials").verdict == .pass)
        let (evidence, profile) = try crashed.evidence(["detection < 1s"])
        for trial in FaultTrials(evidence, profile: profile).trials {
            // One request each 10 ms, and the proof's 2 ms.
            #expect(trial.detection.map { $0.lower <= 0.011 && $0.upper ?? 1 <= 0.013 } == true)
        }
    }

    @Test func `a fault that nobody sees is not detected`() throws {
        var quiet = RecordedRun(seconds: 30)
        quiet.add(rate: 100)
        for index in 1...5 { quiet.strike(at: Double(5 * index)) }
        let found = try judge(quiet, "detection < 1s")
        #expect(found.verdict == .fail && found.trials?.missed == 5)
        #expect(try judge(quiet, "recovery p(50) < 1s over 5 trials").verdict == .pass)
    }

    @Test func `without a fault nothing is said`() throws {
        var quiet = RecordedRun(seconds: 12)
        quiet.add(rate: 100)
        quiet.fail(3..<5, .refused)
        for objective in ["detection < 1s", "recovery p(95) < 5s over 59 trials"] {
            #expect(try judge(quiet, objective).verdict == .invalid)
        }
    }

    @Test func `what a fault did to requests is counted`() throws {
        let (evidence, profile) = try run(trials: 5, late: 1).evidence(["recovery < 5s"])
        let trials = FaultTrials(evidence, profile: profile).trials
        #expect(trials.map(\.failed) == [150, 40, 40, 40, 40])
        #expect(trials.allSatisfy { $0.share > 0.95 && $0.recoveryFromEnd == nil })
        for (trial, length) in zip(trials, [1.5, 0.4, 0.4, 0.4, 0.4]) {
            #expect(abs(trial.excessSeconds - length) < 0.02, "\(trial)")
            #expect(abs((trial.degraded?.upper ?? 0) - length) < 0.03, "\(trial)")
            #expect(abs((trial.recoveryFromStart.upper ?? 0) - length) < 0.03, "\(trial)")
        }
    }

    @Test func `a fault that is held is timed from both of its ends`() throws {
        var hung = RecordedRun(seconds: 30)
        hung.add(rate: 500)
        for index in 1...3 {
            hung.strike(at: Double(8 * index), until: Double(8 * index) + 2)
            hung.stop(Double(8 * index)..<Double(8 * index) + 2)
        }
        let (evidence, profile) = try hung.evidence(["recovery < 5s"])
        for trial in FaultTrials(evidence, profile: profile).trials {
            #expect(abs((trial.recoveryFromStart.upper ?? 0) - 2) < 0.03, "\(trial)")
            #expect(trial.recoveryFromEnd?.upper.map { $0 < 0.03 } == true, "\(trial)")
            #expect(trial.share > 0.95 && trial.failed == 0, "\(trial)")
        }
    }

    @Test func `what was in flight when the next fault struck is none of the one before`() throws {
        var hung = RecordedRun(seconds: 30)
        hung.add(rate: 1000)
        for index in 1...3 {
            hung.strike(at: Double(8 * index), until: Double(8 * index) + 2)
            hung.stop(Double(8 * index) - 0.003..<Double(8 * index) + 2)
        }
        let (evidence, profile) = try hung.evidence(["recovery < 1s"])
        for trial in FaultTrials(evidence, profile: profile).trials {
            #expect(trial.recoveryFromEnd?.upper.map { $0 < 0.02 } == true, "\(trial)")
            #expect(trial.detection?.upper.map { $0 < 0.01 } == true, "\(trial)")
        }
    }

    @Test func `strikes that change nothing are no trials, and are counted apart`() throws {
        var mixed = run(trials: 10)
        mixed.strike(at: 2, isSham: true)
        mixed.faults[mixed.faults.count - 1].trial = 10
        let (evidence, profile) = try mixed.evidence(["recovery < 1s"])
        let found = FaultTrials(evidence, profile: profile)
        #expect(found.trials.count == 10 && found.shams.count == 1 && found.detectedShams == 0)
        #expect(found.maximumShamShare(confidence: 0.95) == 0.95)
        var asked = profile
        asked.faults = [PlannedFault(kind: "hang", victim: .target)]
        #expect(Judge.judge(evidence, profile: asked).verdict == .pass)
    }

    @Test func `what looks like a fault where nothing was changed is counted`() throws {
        var noisy = RecordedRun(seconds: 40)
        noisy.add(rate: 100)
        for index in 1...4 { noisy.strike(at: Double(8 * index), isSham: true) }
        noisy.fail(17..<17.5, .refused)
        let (evidence, profile) = try noisy.evidence(["recovery < 1s"])
        let found = FaultTrials(evidence, profile: profile)
        #expect(found.trials.isEmpty && found.shams.count == 4 && found.detectedShams == 1)
    }

    @Test(arguments: [
        (59, "recovery p(95) < 2s over 59 trials", "DECIDABLE: 59 trials, of which none may miss"),
        (93, "recovery p(95) < 2s over 59 trials", "DECIDABLE: 93 trials, of which 1 may miss at"),
        (20, "recovery p(95) < 2s over 20 trials", "even without a miss a PASS needs 59 at 95 %"),
        (20, "detection p(95) < 2s over 59 trials", "strike in 20 trials, and it is to be judged"),
        (29, "recovery p(90) < 2s over 29 trials", "DECIDABLE: 29 trials"),
        (1, "detection < 2s", "DECIDABLE: 1 trial, each of which"),
        (0, "detection < 2s", "CANNOT DECIDE: the profile has no faults"),
    ])
    func `a plan says whether the profile's trials can prove it`(
        trials: Int, objective: String, words: String
    ) throws {
        var (_, profile) = try run(trials: 1).evidence([objective])
        profile.load[0].duration = .seconds(1000)
        if trials > 0 {
            var fault = PlannedFault(kind: "crash", victim: .target)
            fault.trials = trials
            fault.shams = 5
            fault.period = .seconds(5)
            profile.faults = [fault]
        }
        let found = try #require(Planner.plan(profile, arrivals: 1000).first)
        #expect(found.sentence.contains(words), "\(found.sentence)")
        #expect(found.isDecidable == words.hasPrefix("DECIDABLE"))
        if objective.contains("over") {
            #expect(Planner.undecidedTrials(profile).isEmpty == found.isDecidable)
        }
    }
}
