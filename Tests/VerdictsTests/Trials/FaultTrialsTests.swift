import Evidence
import Measurements
import Profiles
import Testing

@testable import Verdicts

@Suite struct FaultTrialsTests {
    private func judge(
        _ run: RecordedRun, _ objective: String
    ) throws -> RunVerdict.OfObjective {
        let (evidence, profile) = try run.evidence([objective])
        return try #require(Judge.judge(evidence, profile: profile).objectives.first)
    }

    private func trials(_ run: RecordedRun) throws -> [Outage] {
        let (evidence, profile) = try run.evidence(["recovery < 5s"])
        return OutageFinder(profile.objectives[0], limit: 5, evidence, profile).trials()
    }

    /// 500/s, of which `share` fails at any time, with a strike every 6 s.
    private func run(
        share: Double, strikes: Int, _ strike: (inout RecordedRun, Double) -> Void
    ) -> RecordedRun {
        var run = RecordedRun(seconds: 6 * strikes + 6)
        run.add(rate: 500)
        run.fail(0..<Double(run.seconds), .wrongStatus, share: share)
        for index in 1...strikes { strike(&run, Double(6 * index) + 0.137 * Double(index)) }
        return run
    }

    @Test(arguments: [0, 0.00001, 0.001])
    func `each crash of many is as long as it was, whatever else fails`(share: Double) throws {
        let crashed = run(share: share, strikes: 10) { run, time in
            run.strike(at: time)
            run.fail(time..<time + 0.4, .refused)
        }
        let trials = try trials(crashed)
        #expect(trials.count == 10)
        for trial in trials {
            #expect((0.37...0.401).contains(trial.shortest), "\(trial)")
            #expect((0.399...0.43).contains(trial.longest ?? 0), "\(trial)")
        }
        let found = try judge(crashed, "recovery < 1s")
        #expect(found.verdict == .pass && found.sentence.contains("from 10 faults"))
        #expect(found.sentence.contains("at most 25.9 % of such faults"))
        #expect(try judge(crashed, "recovery < 300ms").verdict == .fail)
    }

    @Test(arguments: [0, 0.001])
    func `a fault that is held is recovered from once it ends`(share: Double) throws {
        let hung = run(share: share, strikes: 5) { run, time in
            run.strike(at: time, until: time + 1.5)
            run.stop(time..<time + 1.5)
        }
        for trial in try trials(hung) {
            #expect(trial.longest.map { $0 < 0.03 } == true, "\(trial)")
        }
        #expect(try judge(hung, "recovery < 1s").verdict == .pass)
    }

    @Test func `a fault that no request shows is recovered from at once`() throws {
        let harmless = run(share: 0, strikes: 5) { run, time in run.strike(at: time) }
        #expect(try trials(harmless).allSatisfy { $0.longest.map { $0 < 0.003 } == true })
        #expect(try judge(harmless, "recovery < 1s").verdict == .pass)
    }

    @Test func `a trial that has not recovered before the next strike is no pass`() throws {
        let late = run(share: 0, strikes: 3) { run, time in
            run.strike(at: time)
            run.fail(time..<time + 4, .refused)
        }
        #expect(try trials(late).contains { $0.longest == nil })
        #expect(try judge(late, "recovery < 10s").verdict == .inconclusive)
        #expect(try judge(late, "recovery < 1s").verdict == .fail)
    }

    @Test(arguments: [0.00001, 0.001, 0.01])
    func `of strikes without effect few are taken for outages`(share: Double) throws {
        let sham = run(share: share, strikes: 40) { run, time in run.strike(at: time) }
        let found = try trials(sham).filter { ($0.longest ?? .infinity) > 0.01 }
        #expect(found.count <= 2, "\(found)")
    }

    @Test func `recovery from what was not proven to strike is invalid`() throws {
        for proof in [FaultReading.Proof.refuted, .unknown, nil] {
            var unproven = run(share: 0, strikes: 2) { run, time in run.strike(at: time) }
            unproven.faults[1].proof = proof
            let (evidence, profile) = try unproven.evidence(["recovery < 1s", "p(95) < 1s"])
            var asked = profile
            asked.faults = [PlannedFault(kind: "hang", victim: .target)]
            let verdict = Judge.judge(evidence, profile: asked)
            #expect(verdict.objectives.map(\.verdict) == [.invalid, .pass])
            #expect(verdict.findings.contains { $0.reach == .recovery })
        }
    }

    @Test func `faults of a profile of which the evidence says nothing are missed`() throws {
        let (evidence, profile) = try run(share: 0, strikes: 1) { run, time in
            run.stop(time..<time + 1)
        }.evidence(["recovery < 5s"])
        #expect(Judge.judge(evidence, profile: profile).verdict == .pass)
        var asked = profile
        asked.faults = [PlannedFault(kind: "hang", victim: .target)]
        #expect(Judge.judge(evidence, profile: asked).verdict == .invalid)
    }
}
