import Testing

@testable import Statistics

@Suite struct TimelineOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("timeline") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions([
            "recovery", "coordinated_omission", "recoveries_bound",
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
}
