import Testing

@testable import Statistics

@Suite struct TimelineOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("timeline") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions([
            "recovery", "coordinated_omission", "validity", "validity_verdict", "request_stamps",
            "recoveries_bound",
        ])
    }

    @Test func `recoveries equal the reference`() {
        for one in file.cases(of: "recovery") {
            let requests = one.text("flags").enumerated().map { index, flag in
                Recovery.Request(
                    due: one.double("t0") + Double(index) * one.double("dt"),
                    isGood: flag == "1")
            }
            let recovery = Recovery(
                requests,
                after: Recovery.Fault(
                    injected: one.double("inject"), hold: one.double("hold"),
                    end: one.double("end")))
            one.expect([
                "state": recovery.state.rawValue, "first_failure": recovery.firstFailure,
                "recovered_at": recovery.recoveredAt, "recovery_lower": recovery.lower,
                "recovery_upper": recovery.upper, "failed_requests": recovery.failedRequests,
                "outage_min": recovery.shortestOutage, "outage_max": recovery.longestOutage,
                "verdict": recovery.verdict(limit: one.double("limit")).word,
            ])
        }
        for one in file.cases(of: "recoveries_bound") {
            one.expect([
                "upper": Recovery.maximumExceeding(
                    trials: one.integer("trials"), confidence: one.double("conf"))
            ])
        }
    }

    @Test func `a stall as schedule and waiting client see it equals the reference`() {
        for one in file.cases(of: "coordinated_omission") {
            let server = StalledServer(
                rate: one.integer("rate"), requests: one.integer("n"),
                serviceMicroseconds: one.integer("service_us"),
                stallStart: one.integer("stall_start_us"),
                stallMicroseconds: one.integer("stall_us"))
            let times = server.times()
            let corrected = StalledServer.corrected(times.service, interval: server.interval)
            var got: [String: Any?] = [
                "corrected_count": corrected.count, "max_server_queue": times.queue.max(),
                "responses_ge_10ms": times.latency.count { $0 >= 10_000 },
            ]
            let kinds = [
                ("response", times.latency), ("service", times.service), ("corrected", corrected),
            ]
            for (kind, values) in kinds {
                let sorted = values.sorted()
                for q in [0.5, 0.9, 0.95, 0.99, 0.999, 1.0] {
                    let rank = QuantileRanks.point(
                        trials: sorted.count, partsPerMillion: Int((q * 1e6).rounded()))
                    got["\(kind)_p\(q)"] = sorted[rank - 1]
                }
            }
            one.expect(got)
        }
    }

    @Test func `limits on the generator equal the reference`() throws {
        for one in file.cases(of: "validity") {
            let validity = MeasurementValidity(figures(one))
            one.expect([
                "valid": validity.isValid, "reasons": validity.reasons.map(\.rawValue),
                "pass_allowed": validity.allowsPass, "fail_allowed": validity.allowsFail,
            ])
        }
        let words: [String: Verdict] = [
            "PASS": .pass, "FAIL": .fail, "INCONCLUSIVE": .inconclusive, "INVALID": .invalid,
        ]
        for one in file.cases(of: "validity_verdict") {
            var figures = figures(one)
            figures.steal = one.double("host_steal")
            let validity = MeasurementValidity(figures)
            let said = try #require(words[one.text("statistics_verdict")])
            one.expect([
                "verdict": validity.judged(said).word,
                "reasons": validity.reasons.map(\.rawValue),
            ])
        }
    }

    @Test func `what lies between the stamps equals the reference`() {
        for one in file.cases(of: "request_stamps") {
            func stamp(_ name: String) -> Int64 { Int64(one.integer(name)) * 1_000 }
            let stamps = RequestStamps(
                due: stamp("due_us"), ready: stamp("ready_us"), sent: stamp("sent_us"),
                done: stamp("done_us"))
            func microseconds(_ nanoseconds: Int64) -> Int { Int(nanoseconds) / 1_000 }
            one.expect([
                "latency": microseconds(stamps.latency), "scheduler_lag": microseconds(stamps.lag),
                "connection_wait": microseconds(stamps.connectionWait),
                "service": microseconds(stamps.service),
            ])
        }
    }

    private func figures(_ one: OracleCase) -> MeasurementValidity.Figures {
        MeasurementValidity.Figures(
            planned: one.integer("planned"), sent: one.integer("sent"),
            lagP99Microseconds: one.double("lag_p99_us"),
            latencyTargetMicroseconds: one.double("latency_target_us"),
            busiestThread: one.double("generator_busy"))
    }
}
