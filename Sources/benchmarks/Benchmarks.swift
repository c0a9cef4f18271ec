import Glibc

/// Measures parts of loadgen that no request goes through alone; `Scripts/bench` runs it.
@main
struct Benchmarks {
    static func main() {
        guard CommandLine.arguments.dropFirst() == ["histogram"] else {
            print("usage: benchmarks histogram    prints one JSON object; Scripts/bench reads it")
            exit(64)
        }
        print(HistogramBenchmark().measure())
    }
}
