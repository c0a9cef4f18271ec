import Glibc

/// Counts how often verdicts are wrong under simulated truths, for `Scripts/calibrate-verdicts`.
@main
struct Calibration {
    static let seeds: [UInt64] = [1, 2, 3]

    static func main() {
        let words = CommandLine.arguments.dropFirst()
        if words.first == "gate", words.count == 2, let argument = words.last {
            gate(argument)
        }
        guard let runs = words.isEmpty ? 2_000 : words.first.flatMap(Int.init),
            words.count <= 1, (1...100_000).contains(runs)
        else {
            print(
                "usage: calibration [RUNS]    prints a Markdown table; 2000 runs for each seed\n"
                    + "       calibration gate FOLDER    of recorded comparisons\n"
                    + "       calibration gate NUMBER    of so many simulated comparisons a row")
            exit(64)
        }
        let table = CalibrationTable(runs: runs, seeds: seeds)
        print(table.markdown, terminator: "")
        exit(table.isWithinBounds ? 0 : 2)
    }

    /// Comparisons that were recorded in a folder, or so many simulated ones; another seed each
    /// time, which the table names.
    private static func gate(_ argument: String) -> Never {
        let seed = UInt64.random(in: 1...999_999)
        let (markdown, isWithinBounds): (String, Bool)
        if let comparisons = Int(argument), (1...100_000).contains(comparisons) {
            let table = GateSimulation(comparisons: comparisons, seed: seed)
            (markdown, isWithinBounds) = (table.markdown, table.isWithinBounds)
        } else {
            let table = GateTable(reading: argument, seed: seed)
            (markdown, isWithinBounds) = (table.markdown, table.isWithinBounds)
        }
        print(markdown, terminator: "")
        exit(isWithinBounds ? 0 : 2)
    }
}
