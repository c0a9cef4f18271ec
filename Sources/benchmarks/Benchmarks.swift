import Glibc

/// Measures parts of loadgen that no request goes through alone; `Scripts/bench` runs it.
@main
struct Benchmarks {
    static func main() {
        switch CommandLine.arguments.dropFirst().joined(separator: " ") {
        case "histogram": print(HistogramBenchmark().measure())
        case "checker registers": print(CheckerBenchmark.measure("registers"))
        case "checker events": print(CheckerBenchmark.measure("events"))
        default:
            print(
                """
                usage: benchmarks histogram | checker registers | checker events
                prints one JSON object; Scripts/bench reads it
                """)
            exit(64)
        }
    }
}
