import Checker
import JSON
import Reports
import Statistics
import Testing

@testable import loadgen

@Suite struct CheckReportTests {
    private static let second: UInt64 = 1_000_000_000

    private func history(lastRead: UInt64) -> [Operation] {
        var operations: [Operation] = []
        for turn in 1...200 as ClosedRange<UInt64> {
            let start = turn * Self.second
            operations.append(Operation(.put, key: 0, value: turn, at: start...start + 1_000_000))
            operations.append(
                Operation(
                    .get, key: 0, value: turn == 200 ? lastRead : turn, client: 1,
                    at: start + 2_500_000...start + 3_000_000))
        }
        return operations
    }

    @Test func `a right history passes`() {
        let report = CheckReport(CheckResult(of: history(lastRead: 200)))
        #expect(report.exit == .pass)
        #expect(
            report.text == """
                PASS  400 operations: 200 writes acknowledged, 0 refused, 0 maybe; 200 reads
                nothing found

                """)
        #expect(report.json["verdict"]?.string == "PASS")
        #expect(report.json["findings"]?.array?.isEmpty == true)
    }

    @Test func `a lost write fails, with its witness on one clock`() throws {
        let report = CheckReport(CheckResult(of: history(lastRead: 199)))
        #expect(report.exit == .fail)
        #expect(report.text.hasPrefix("FAIL  400 operations"))
        #expect(
            report.text.hasSuffix(
                """

                lost: 1
                  0.000 to 1.000 ms  client 0: put key 0, 199: ok
                  1000.000 to 1001.000 ms  client 0: put key 0, 200: ok
                  1002.500 to 1003.000 ms  client 1: get key 0, 199: ok

                """))
        let finding = try #require(report.json["findings"]?.array?.first)
        #expect(finding["anomaly"]?.string == "lost" && finding["count"]?.integer == 1)
        #expect(finding["witness"]?.array?.last?["value"]?.string == "199")
    }

    @Test func `too little evidence is INVALID, and says what is missing`() {
        let few = Array(history(lastRead: 200).prefix(20))
        let report = CheckReport(CheckResult(of: few))
        #expect(report.exit == .invalid)
        #expect(
            report.text.hasSuffix("\ntoo little evidence: 10 acknowledged writes (at least 100)\n"))
    }
}
