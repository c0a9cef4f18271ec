import Checker
import EventLoops
import Glibc
import Statistics

/// What it costs to judge the answers of ten minutes at 10,000/s.
struct CheckerBenchmark {
    private static let operations = 6_000_000
    private static let operationsOfAKey = 300

    /// The figures as one JSON object, of registers and of a log.
    static func measure(_ what: String) -> String {
        let history = what == "events" ? events() : registers()
        let start = MonotonicClock.system.nowNanoseconds
        let result = CheckResult(of: history)
        let took = Double(MonotonicClock.system.nowNanoseconds - start) / 1e9
        precondition(result.findings.isEmpty && result.operations == operations)
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        let mebibytes = Double(usage.ru_maxrss) / 1024
        return """
            {"operations": \(operations), "judge_s": \((took * 100).rounded() / 100), \
            "peak_mib": \(mebibytes.rounded())}
            """
    }

    /// A put, then two gets that overlap with the next put; the keys in turn, as a run has them.
    private static func registers() -> [Operation] {
        var history: [Operation] = []
        history.reserveCapacity(operations)
        let keys = operations / operationsOfAKey
        for index in 0..<operations {
            let (key, turn) = (UInt32(index % keys), index / keys)
            let kind: Operation.Kind =
                turn == operationsOfAKey - 1 ? .delete : turn % 3 == 0 ? .put : .get
            let value = kind == .delete ? Operation.none : UInt64(turn / 3 + 1)
            let start = UInt64(index) * 100_000
            let length = UInt64(keys) * 150_000
            history.append(
                Operation(
                    kind, key: key, value: value, at: start...start + (kind == .put ? 1000 : length)
                ))
        }
        return history
    }

    /// Adds, and a list of them all at the end.
    private static func events() -> [Operation] {
        var history: [Operation] = []
        history.reserveCapacity(operations)
        let adds = operations / 2 - 1
        let clients = 64
        func value(_ index: Int) -> UInt64 {
            UInt64(index % clients) << 48 | UInt64(index / clients + 1)
        }
        for index in 0..<adds {
            let start = UInt64(index) * 100_000
            history.append(
                Operation(.add, key: 0, value: value(index), at: start...start + 1_000_000))
        }
        let end = UInt64(adds + 100) * 100_000
        for index in 0..<operations - adds {
            let listed = index < adds ? value(index) : Operation.none
            history.append(Operation(.list, key: 0, value: listed, at: end...end + 1000))
        }
        return history
    }
}
