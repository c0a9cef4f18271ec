import Evidence
import Verdicts

extension ReportModel {
    /// The generator's own figures, and the target's memory.
    var generator: [Row] {
        var table: [Row] = [
            [
                "threads",
                "\(figures.threadCount), the busiest at most "
                    + "\(Figure.percent(figures.maximumBusy)) busy",
            ],
            ["steal", Figure.percent(figures.steal)],
        ]
        if let floor = figures.calibration {
            let values = floor.latencies.map {
                "\(Figure.quantile(partsPerMillion: $0.partsPerMillion)) "
                    + Figure.time($0.nanoseconds)
            }
            table.append([
                "floor",
                "\(values.joined(separator: ", ")) against a responder that answers at once",
            ])
        }
        if let threads = figures.threads { table += rows(threads) }
        for memory in figures.memory {
            let parts = [
                memory.allocated.map { "allocated \(Self.text($0))" },
                memory.resident.map { "resident \(Self.text($0))" },
            ]
            table.append([memory.name, parts.compactMap { $0 }.joined(separator: ", ")])
        }
        return table
    }

    private func rows(_ threads: ReportFigures.Threads) -> [Row] {
        var table: [Row] = [
            [
                "cpu",
                "the busiest thread at most \(Figure.percent(threads.maximumCPU)) of a core, "
                    + "\(Figure.whole(threads.involuntarySwitches)) times preempted",
            ],
            [
                "allocations",
                "\(Figure.significant(threads.allocatedBytesPerRequest)) B a request",
            ],
            [
                "connections",
                "at most \(Figure.whole(threads.maximumConnections)) open, "
                    + "\(Figure.whole(threads.opened)) opened, "
                    + "\(Figure.whole(threads.reconnects)) reconnects; "
                    + "at most \(Figure.bytes(UInt64(threads.maximumReadBytes))) waiting to be "
                    + "read",
            ],
        ]
        if let mean = threads.meanOvershootNanoseconds,
            let most = threads.maximumOvershootNanoseconds
        {
            table.append([
                "timers", "\(Figure.time(mean)) late on average, \(Figure.time(most)) at most",
            ])
        }
        return table
    }

    private static func text(_ change: ReportFigures.Change) -> String {
        "\(Figure.bytes(change.first)) -> \(Figure.bytes(change.last))"
    }
}
