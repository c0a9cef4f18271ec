import Glibc

/// Counts how often verdicts are wrong under simulated truths, for `Scripts/calibrate-verdicts`.
@main
struct Calibration {
    static let seeds: [UInt64] = [1, 2, 3]

    static func main() {
        let words = CommandLine.arguments.dropFirst()
        if words.first == "gate", words.count == 2, let folder = words.last {
            let table = GateTable(reading: folder, seed: seeds[0])
            print(table.markdown, terminator: "")
            exit(table.isWithinBounds ? 0 : 2)
        }
        guard let runs = words.isEmpty ? 2_000 : words.first.flatMap(Int.init),
            words.count <= 1, (1...100_000).contains(runs)
        else {
            print(
                "usage: calibration [RUNS]    prints a Markdown table; 2000 runs for each seed\n"
                    + "       calibration gate FOLDER    of recorded comparisons")
            exit(64)
        }
        let table = CalibrationTable(runs: runs, seeds: seeds)
        print(table.markdown, terminator: "")
        exit(table.isWithinBounds ? 0 : 2)
    }
}
