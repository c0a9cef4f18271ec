import Contracts
import Testing

@testable import Profiles

@Suite struct ObjectiveTests {
    @Test(arguments: [
        ("p(95) < 10ms", "p(95) < 10ms"), ("p(99.9)<1s on ping", "p(99.9) < 1s on ping"),
        ("p(99.99) < 1m30s", "p(99.99) < 90s"), ("error rate < 0.001%", "error rate < 0.001%"),
        ("errorrate<10 ppm", "error rate < 0.001%"), ("success >= 99.999%", "success >= 99.999%"),
        ("success>=0.5", "success >= 50%"), ("throughput >= 990/s", "throughput >= 990/s"),
        ("throughput >= 12000/m", "throughput >= 200/s"),
        ("goodput(10 ms) >= 980 /s on ping", "goodput(10ms) >= 980/s on ping"),
        ("leak < 16 B/request", "leak < 16 B/request"), ("leak < 1MiB/h", "leak < 1 MiB/h"),
        ("leak < 0.5 B/request", "leak < 0.5 B/request"), ("leak < 2048 B/h", "leak < 2 KiB/h"),
        ("leak < 1.5 kB/h at 99%", "leak < 1500 B/h at 99%"), ("recovery < 30s", "recovery < 30s"),
        ("recovery p(95) < 2 s over 59 trials", "recovery p(95) < 2s over 59 trials"),
        ("recovery p(99.9) < 2s over 1 trial at 99%", "recovery p(99.9) < 2s over 1 trials at 99%"),
        ("detection<1s on ping", "detection < 1s on ping"),
        ("detection p(90)<1s over 29 trials", "detection p(90) < 1s over 29 trials"),
        ("recovery < 30 s on ping in steady", "recovery < 30s on ping in steady"),
        ("p(95) < 10ms in climb 500/s on GET /a", "p(95) < 10ms on GET /a in climb 500/s"),
        ("error rate < 1% within any 10s at 99%", "error rate < 1% within any 10s at 99%"),
        ("p(95) < 10ms abort on ping at 0.999", "p(95) < 10ms on ping at 99.9% abort"),
        (
            "p(95) < 1s on \"look in at\" in \"a \\\"b\"",
            "p(95) < 1s on \"look in at\" in \"a \\\"b\""
        ),
    ])
    func `an objective is read, and written so that it is read again`(
        text: String, canonical: String
    ) throws {
        let objective = try Objective(reading: text)
        #expect(objective.description == canonical)
        #expect(try Objective(reading: canonical) == objective)
    }

    @Test func `every part is found where it belongs`() throws {
        let objective = try Objective(
            reading: "goodput(10ms) >= 980/s on late ping in steady within any 10s at 99%")
        #expect(
            objective.claim.isEqual(to: GoodputClaim(perSecond: 980, threshold: 10_000_000)))
        #expect(objective.operation == "late ping" && objective.phase == "steady")
        #expect(objective.window == .seconds(10) && objective.confidence == 0.99)
        #expect(!objective.aborts && objective.thresholdNanoseconds == 10_000_000)
        #expect(
            try Objective(reading: "leak < 1 MiB/h").claim
                .isEqual(to: LeakClaim(growth: .bytesPerHour(1_048_576))))
        #expect(
            try Objective(reading: "leak < 16 B/request").claim
                .isEqual(to: LeakClaim(growth: .bytesPerRequest(16))))
        #expect(try Objective(reading: "success >= 99.999%").allowedShare == 1e-5)
        #expect(try Objective(reading: "error rate < 0.001%").allowedShare == 1e-5)
        #expect(try Objective(reading: "p(99.9) < 1s").allowedShare == 0.001)
        #expect(try Objective(reading: "throughput >= 1/s").allowedShare == nil)
    }

    @Test(arguments: [
        ("p95 < 10ms", "did you mean p(95) < 10ms?"), ("p(95) <= 10ms", "p is compared by <, as"),
        ("sucess >= 99%", "\"sucess\" is nothing that is measured; did you mean success >= "),
        ("eror rate < 1%", "did you mean error rate < 0.001%?"),
        ("Throughput >= 1/s", "did you mean throughput >= 990/s?"),
        ("goodputt(1ms) >= 1/s", "did you mean goodput(10ms) >= 980/s?"),
        ("recovry < 30s", "did you mean recovery < 30s?"),
        ("recovery p(95) < 2s", "a quantile needs the number of its trials, as in recovery p(95)"),
        ("recovery < 2s over 59 trials", "a number of trials needs a quantile, as in recovery p("),
        ("recovery(95) < 2s", "recovery takes no (95), as in recovery < 30s or recovery p(95) <"),
        ("recovery p(100) < 2s over 59 trials", "recovery p wants a percentage from 0.0001 to"),
        ("detection p < 2s over 59 trials", "detection p wants a percentage from 0.0001 to 99."),
        ("recovery p(95) < 2s over 0 trials", "\"0trials\" is not a number of trials from 1 to"),
        ("recovery p(95) < 2s over 59", "\"59\" is not a number of trials from 1 to 1000, as in"),
        ("recovery p(95) < 2x over 59 trials", "\"2x over 59 trials\" is not a duration as in"),
        ("detecton < 1s", "did you mean detection < 1s?"),
        ("leek < 1 B/request", "did you mean leak < 16 B/request"),
        ("latency < 10ms", "did you mean p(95) < 10ms?"),
        ("availability >= 99.999%", "a load test cannot prove availability over a year"),
        ("lag p(99) < 1ms", "limits on the generator stand under limits"),
        ("p(95) < 10ms onn ping", "\"onn\" after 10ms is none of its parts; did you mean on? "),
        ("p(95) < 10ms abrt", "did you mean abort?"),
        ("p(95) < 10mss", "\"10mss\" is not a duration as in 500us"),
        ("error rate < 100%", "\"100%\" is not a share above 0 and below 1"),
        ("error rate < 0%", "\"0%\" is not a share above 0 and below 1"),
        ("error rate < 1e-12", "is not a share above 0 and below 1"),
        ("success < 99%", "success is compared by >=, as in success >= 99.999%"),
        ("throughput >= 0/s", "\"0/s\" is not a rate as in 200/s, 12000/m or 5/h, above 0"),
        ("throughput >= 990", "\"990\" is not a rate"), ("goodput >= 1/s", "goodput wants the "),
        ("success(10ms) >= 1%", "success takes no (10ms)"), ("p < 10ms", "p wants a percentage"),
        ("p(100) < 1s", "p wants a percentage from 0.0001 to 99.9999"), ("p(0) < 1s", "p wants"),
        ("p(95) < ", "nothing stands after <"), ("p(95)", "it compares with nothing; write it as "),
        ("leak < 16 B/requst", "it is /request or /h; did you mean /request?"),
        ("leak < 1 MiB/hour", "it is /request or /h; did you mean /h?"),
        ("leak < 0 B/request", "no run can prove that nothing grows at all"),
        ("leak < 1 MB", "it is a growth for each request or an hour"),
        ("leak < 1 PB/h", "units are B, kB, KiB, MB, MiB, GB, GiB, TB and TiB"),
        ("p(95) < 10ms on", "on wants something after it, as in on OPERATION"),
        ("p(95) < 10ms on a on b", "on is given twice"),
        ("p(95) < 10ms within 10s", "after within stands any and a duration"),
        ("p(95) < 10ms within any 1500ms", "a whole number of seconds from 2s to 1h, not 1500ms"),
        ("p(95) < 10ms within any ten", "\"ten\" is not a duration"),
        ("p(95) < 10ms at 50%", "\"50%\" is not a confidence above 50% and below 100%"),
        ("p(95) < 10ms at 99% abort now", "\"now\" after abort is none of its parts"),
        ("p(95) < 10ms on \"ping", "a quote is not closed"), ("abort", "\"abort\" is nothing"),
        ("fast", "\"fast\" is nothing that is measured; allowed: p(95) < 10ms, error rate"),
        ("", "p(95) < 10ms, error rate"),
    ])
    func `what is no objective is told what is wrong and what was meant`(
        text: String, reason: String
    ) {
        #expect(Objective(parsing: text) == nil)
        do throws(ObjectiveError) {
            Issue.record("\(try Objective(reading: text))")
        } catch {
            #expect(error.description.hasPrefix("\"\(text)\" is not an objective: "))
            #expect(error.reason.contains(reason), "\(error)")
        }
    }

    @Test(arguments: [
        ("leak < 1 B/request on ping", "memory belongs to the whole target; remove `on ...`"),
        ("leak < 1 B/request in steady", "growth is a matter of the whole run; remove `in ...`"),
        ("leak < 1 B/h within any 10s", "growth is a matter of the whole run; remove `within ...`"),
        ("leak < 1 B/h abort", "growth is known at the end of a run; remove `abort`"),
        ("recovery < 1s within any 10s", "a recovery is one stretch of time"),
        ("recovery < 1s abort", "a recovery is known once it is over"),
        ("detection < 1s within any 10s", "a fault shows at one moment"),
        ("detection < 1s abort", "detections are judged at the end of a run"),
        ("throughput >= 1/s abort", "no test of a rate holds at every look"),
        ("p(95) < 1s within any 10s abort", "abort looks at each phase as a whole"),
    ])
    func `parts that do not go together are refused with the reason`(
        text: String, reason: String
    ) {
        #expect(throws: ObjectiveError.self) { try Objective(reading: text) }
        do { _ = try Objective(reading: text) } catch { #expect(error.reason.contains(reason)) }
    }

    private func problems(_ objective: String) -> [String] {
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        let text = """
            load:
              - warm up: { rate: 1/s, for: 20s }
              - low load: { rate: 1/s, for: 5s }
              - high: { rate: 1/s, for: 10s }
            scenarios:
              - a: { steps: [ { group: look, steps: [ping] }, { ping: { name: late ping } } ] }
            objectives: ['\(objective)']
            """
        do {
            _ = try decoder.decode(text, file: "f", name: "f")
            return []
        } catch { return error.problems.map(\.message) }
    }

    @Test(arguments: [
        "p(95) < 1s on look", "p(95) < 1s on late ping in low load", "throughput >= 1/s in high",
        "goodput(1s) >= 1/s within any 10s", "p(95) < 1s within any 5s in low load",
        "leak < 16 B/request", "recovery < 30s on ping",
    ])
    func `names of the profile are taken`(text: String) {
        #expect(problems(text) == [])
    }

    @Test(arguments: [
        (
            "p(95) < 1s on loook",
            "\"loook\" is not an operation of the contract; did you mean look?"
        ),
        ("p(95) < 1s on ping abrt", "\"abrt\" after on ping is none of its parts; did you mean ab"),
        (
            "p(95) < 1s in hihg",
            "\"hihg\" is not a phase of the load; did you mean high? allowed: low"
        ),
        ("p(95) < 1s in warm up", "the phase warm up is never judged; remove `in ...`, or"),
        ("p(95) < 1s within any 11s", "no judged phase lasts as long as the window; the longest"),
        ("p(95) < 1s within any 6s in low load", "the longest lasts 5s"),
        ("error rate < 1% on look abort", "look is a group of them; remove `abort`"),
    ])
    func `names that the profile does not have are told with the nearest`(
        text: String, reason: String
    ) {
        let found = problems(text)
        #expect(found.count == 1 && found[0].contains(reason), "\(found)")
    }
}
