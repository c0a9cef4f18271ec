import ArgumentParsing
import Evidence
import Quantities
import Reports
import Verdicts

struct PlanCapacityCommand: Command {
    static let syntax = CommandSyntax(
        name: "plan-capacity", argument: "RESULT",
        summary: "say how many nodes a load needs, by a capacity that was measured",
        flags: [
            Flag(name: "--target-rate", value: "RATE", help: "the load to carry, as in 20000/s"),
            Flag(
                name: "--headroom", value: "SHARE",
                help: "how much of a node's confirmed rate is kept free; 30%"),
            Flag(
                name: "--peak", value: "NUMBER", help: "by what factor peaks exceed the load; 1.3"),
            Flag(
                name: "--redundancy", value: "N+K", help: "how many nodes may be lost; N+1"),
            Flag(name: "--growth", value: "SHARE/month", help: "as in 8%/month"),
            .format(of: CapacityPlan.self),
        ],
        examples: [
            "loadgen plan-capacity RESULT --target-rate 20000/s --headroom 30% --redundancy N+1"
        ])

    let call: Invocation

    /// Says how many nodes a load needs.
    func run() throws -> ExitCode {
        let format: ReportFormat<CapacityPlan> = try call.reportFormat()
        let wish = try wish()
        let capacity = try readCapacity(call.arguments.argument)
        guard let plan = CapacityPlan(capacity, wish: wish) else {
            Terminal.complain(
                "\(call.arguments.argument) has no confirmed rate to plan by: \(capacity.sentence)")
            return ExitCode(rawValue: capacity.exitCode) ?? .failure
        }
        Terminal.show(format.text(plan), isForPeople: format == .text)
        return .pass
    }

    private func readCapacity(_ reference: String) throws -> Capacity {
        let places = [
            "\(reference)/capacity.json", reference,
            "\(call.home)/Results/capacity/\(reference)/capacity.json",
        ]
        for place in places {
            guard EvidenceFile.isFile(place) else { continue }
            guard let capacity = CapacityJSON.capacity(parsing: try EvidenceFile.result(place))
            else { throw UsageError("\(place) is no result of loadgen capacity") }
            return capacity
        }
        throw UsageError(
            "\(reference) is no folder with a capacity.json; make one with loadgen capacity")
    }

    private func wish() throws(UsageError) -> CapacityPlan.Wish {
        guard let rate = try call.arguments.rate("--target-rate") else {
            throw UsageError(
                "plan-capacity wants --target-rate, as in: \(Self.syntax.examples[0])")
        }
        var wish = CapacityPlan.Wish(targetRate: rate)
        if let headroom = try call.arguments.share("--headroom") { wish.headroom = headroom }
        if let text = call.arguments.value("--peak") {
            guard let peak = Double(text), peak >= 1, peak <= 1_000 else {
                throw UsageError("--peak is a factor from 1 to 1000, as in 1.3, not \"\(text)\"")
            }
            wish.peakFactor = peak
        }
        if let text = call.arguments.value("--redundancy") {
            let parts = text.split(separator: "+", omittingEmptySubsequences: false)
            let spare = text == "N" ? 0 : parts.count == 2 ? Int(parts[1]) : nil
            guard parts[0] == "N", let spare, (0...1_000).contains(spare) else {
                throw UsageError("--redundancy is N, N+1, N+2 and so on, not \"\(text)\"")
            }
            wish.spare = spare
        }
        if let text = call.arguments.value("--growth") {
            let isMonthly = text.hasSuffix("/month")
            let share = isMonthly ? Quantity.share(String(text.dropLast(6))) : nil
            guard let share, share >= 1e-6, share <= 10 else {
                throw UsageError("--growth is a share a month, as in 8%/month, not \"\(text)\"")
            }
            wish.growthPerMonth = share
        }
        return wish
    }
}
