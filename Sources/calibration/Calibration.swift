import Glibc
import Statistics

/// Counts how often verdicts are wrong under simulated truths, for `Scripts/calibrate-verdicts`.
@main
struct Calibration {
    static let usage = """
        usage: calibration [RUNS] [--seed N] [--quick] [--only TEXT]
                   prints a Markdown table; 600 runs a case, a new seed each time
               calibration gate FOLDER    of recorded comparisons
        """

    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.first == "gate", words.count == 2, let argument = words.last { gate(argument) }
        guard let request = Request(words) else {
            print(usage)
            exit(64)
        }
        let cases = VerdictCase.all(quick: request.quick).filter {
            request.only.map($0.name.contains) ?? true
        }
        write("seed \(request.seed), \(request.runs) runs a case\n\n" + VerdictTable.head)
        let table = VerdictTable(runs: request.runs, seed: request.seed, cases: cases) {
            write($0)
        }
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

    /// Writes at once, so that each row shows when it is done.
    private static func write(_ text: String) {
        print(text, terminator: "")
        fflush(nil)
    }

    /// What the command line asks for.
    private struct Request {
        var runs = 600
        var seed = UInt64.random(in: 1...999_999)
        var quick = false
        var only: String?

        /// `nil` if the words make no sense.
        init?(_ words: [String]) {
            var rest = words[...]
            while let word = rest.popFirst() {
                switch word {
                case "--quick": quick = true
                case "--seed":
                    guard let value = rest.popFirst().flatMap(UInt64.init) else { return nil }
                    seed = value
                case "--only":
                    guard let value = rest.popFirst() else { return nil }
                    only = value
                default:
                    guard let value = Int(word), (1...100_000).contains(value) else { return nil }
                    runs = value
                }
            }
        }
    }
}
