import ArgumentParsing
import Campaigns
import Evidence
import Verdicts

struct CalibrateCommand: Command {
    static let syntax = CommandSyntax(
        name: "calibrate",
        summary: "measure the generator anew: the floor under every latency on this host",
        examples: ["loadgen calibrate"])

    let call: Invocation

    func run() async throws -> ExitCode {
        let (calibration, isKept) = try await Calibrator().renew()
        func write(_ name: String, _ quantiles: [Calibration.Quantile]) {
            let values = quantiles.map {
                "\(Figure.quantile(partsPerMillion: $0.partsPerMillion)) "
                    + Figure.time($0.nanoseconds)
            }
            Terminal.write("\(name)  \(values.joined(separator: "  "))\n")
        }
        Terminal.write(
            "\(Figure.whole(calibration.requests)) requests at 2,000/s to a responder in this "
                + "process that answers at once\n")
        write("latency", calibration.latencies)
        write("lag    ", calibration.lags)
        let allocated =
            calibration.allocatedBytesPerRequest.map { Figure.significant($0) } ?? "unknown"
        Terminal.write("allocations  \(allocated) B a request\n")
        Terminal.write("No latency below this floor is judged on this host.\n")
        if !isKept {
            Terminal.write(
                "It could not be kept for the runs to come; set XDG_CACHE_HOME to a folder that "
                    + "can be written\n")
        }
        return .pass
    }
}
