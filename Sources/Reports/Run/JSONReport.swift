import Evidence
import Exchanges
import FoundationEssentials
import JSON
import Measurements
import Profiles
import Statistics
import Verdicts

/// A run's report as JSON, by docs/schema/report.json: every figure as a number, its unit in its
/// name.
public enum JSONReport: Report {
    /// What `--format` calls it.
    public static let name = "json"

    /// The version of the report's form.
    public static let schema = "loadgen/report/2"

    /// The report, with the same figures as the others.
    public static func text(_ model: ReportModel, _ style: ReportStyle) -> String {
        PlainJSON.printable(json(model).prettyText)
    }

    static func json(_ model: ReportModel) -> JSONValue {
        let run = model.evidence.description
        let figures = model.figures
        return .object([
            .init("schema", .string(schema)), .init("id", .string(run.id)),
            .init("profile", .string(model.profile.name)),
            .init("description", .string(model.profile.description)),
            .init("target", .string(run.target)),
            .init(
                "allowed_hosts",
                .array(model.profile.network.allowedHosts.map { .string($0) })),
            .init("started_at", .string(run.startedAt)),
            .init("loadgen_version", .string(RunDescription.version)),
            .init("is_interrupted", .bool(model.evidence.isInterrupted)),
            .init("losses", .array(model.evidence.losses.map { .string($0.description) })),
            .init("verdict", verdict(model.verdict)),
            .init("has_own_objectives", .bool(model.hasOwnObjectives)),
            .init("failures", model.whatFailed.json),
            .init("failed_unjudged", count(model.whatFailed.unjudged)),
            .init("load", load(figures.load)),
            .init(
                "clocks",
                .object(
                    figures.clocks.map { clock in
                        .init(clock.key, quantiles(ReportModel.quantileNames, clock.values))
                    })), .init("intervals", .array(figures.intervals.map(interval))),
            .init("outcomes", .array(figures.outcomes.map { outcome($0, model) })),
            .init("operations", .array(figures.operations.map(operation))),
            .init("groups", .array(figures.groups.map(operation))),
            .init("faults", .array(model.evidence.events.compactMap(\.fault).map(fault))),
            .init("trials", .array((model.trials.trials + model.trials.shams).map(trial))),
            .init("check", model.evidence.check.map { CheckReport($0).json } ?? .null),
            .init("generator", generator(figures)),
            .init("memory", .array(figures.memory.map(memory))),
        ])
    }

    /// The verdict as verdict.json has it, whatever it comes to hold.
    private static func verdict(_ verdict: RunVerdict) -> JSONValue {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(verdict),
            let json = try? JSONValue(parsing: data)
        else { return .null }
        return json
    }

    private static func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    private static func nanoseconds(_ value: UInt64?) -> JSONValue {
        value.map { .integer(Int64(clamping: $0)) } ?? .null
    }

    private static func load(_ load: ReportFigures.Load) -> JSONValue {
        .object([
            .init("requests", count(load.requests)), .init("judged", count(load.judged)),
            .init("duration_s", .number(load.seconds)), .init("sent", count(load.sent)),
            .init("sent_per_s", .number(load.sentPerSecond)),
            .init("planned", count(load.planned)), .init("started", count(load.started)),
            .init("dropped", count(load.dropped)), .init("iterations", count(load.iterations)),
            .init("unfed", count(load.unfed)), .init("skipped", count(load.skipped)),
        ])
    }

    /// Quantiles by name; null is a failure, or was not measured.
    private static func quantiles(_ names: [String], _ values: [UInt64?]) -> JSONValue {
        .object(
            zip(names, values).map { name, value in
                .init("\(name.replacing(".", with: "_"))_ns", nanoseconds(value))
            })
    }

    private static func interval(_ interval: ReportFigures.Interval) -> JSONValue {
        func end(_ end: LatencyInterval.End) -> JSONValue {
            guard interval.isKnown else { return .null }
            return switch end {
            case .at(let value): nanoseconds(value)
            case .failed: .string("failed")
            case .unbounded: .string("unbounded")
            }
        }
        return .object([
            .init("name", .string(Figure.quantile(partsPerMillion: interval.partsPerMillion))),
            .init("known", .bool(interval.isKnown)),
            .init("lower_ns", end(interval.lower)), .init("upper_ns", end(interval.upper)),
        ])
    }

    private static func outcome(
        _ entry: ReportFigures.OfOutcome, _ model: ReportModel
    ) -> JSONValue {
        let seen = Proportion(entry.count, of: model.figures.load.judged)
        return .object([
            .init("name", .string(entry.outcome.rawValue)), .init("count", count(entry.count)),
            .init("share", .number(Double(seen.count) / Double(max(1, seen.total)))),
        ])
    }

    private static func operation(_ entry: ReportFigures.OfOperation) -> JSONValue {
        .object([
            .init("name", .string(entry.name)), .init("requests", count(entry.requests)),
            .init("failed", count(entry.failed)),
            .init("latency", quantiles(["p50", "p95", "p99", "max"], entry.values)),
        ])
    }

    private static func fault(_ reading: FaultReading) -> JSONValue {
        func seconds(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        return .object([
            .init("name", .string(reading.kind)), .init("fault", count(reading.fault)),
            .init("trial", count(reading.trial)), .init("step", .string(reading.step.rawValue)),
            .init("proof", reading.proof.map { .string($0.rawValue) } ?? .null),
            .init("began_s", seconds(reading.beganSeconds)),
            .init("seen_s", seconds(reading.seenSeconds)),
            .init("mechanism", .string(reading.mechanism)),
        ])
    }

    private static func trial(_ trial: FaultTrial) -> JSONValue {
        func length(_ length: FaultTrial.Length?) -> JSONValue {
            guard let length else { return .null }
            return .object([
                .init("lower_s", .number(length.lower)),
                .init("upper_s", length.upper.map { .number($0) } ?? .null),
            ])
        }
        return .object([
            .init("name", .string(trial.kind)), .init("fault", count(trial.fault)),
            .init("trial", count(trial.trial)), .init("is_sham", .bool(trial.isSham)),
            .init("struck_s", .number(trial.struckSeconds)),
            .init("detection", length(trial.detection)),
            .init("system_detection", length(trial.systemDetection)),
            .init("degraded", length(trial.degraded)),
            .init("degraded_share", .number(trial.share)),
            .init("failed", count(trial.failed)),
            .init("excess_s", .number(trial.excessSeconds)),
            .init("recovery_from_start", length(trial.recoveryFromStart)),
            .init("recovery_from_end", length(trial.recoveryFromEnd)),
        ])
    }

    private static func generator(_ figures: ReportFigures) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("threads", count(figures.threadCount)),
            .init("busiest_most", .number(figures.maximumBusy)),
            .init("steal_mean", .number(figures.steal)),
            .init("calibration", figures.calibration?.json ?? .null),
        ]
        if let threads = figures.threads {
            members += [
                .init("cpu_most", .number(threads.maximumCPU)),
                .init("involuntary_switches", count(threads.involuntarySwitches)),
                .init("allocated_bytes_per_request", .number(threads.allocatedBytesPerRequest)),
                .init("connections_most", count(threads.maximumConnections)),
                .init("connections_opened", count(threads.opened)),
                .init("reconnects", count(threads.reconnects)),
                .init("read_most_bytes", count(threads.maximumReadBytes)),
                .init("timer_late_mean_ns", nanoseconds(threads.meanOvershootNanoseconds)),
                .init("timer_late_most_ns", nanoseconds(threads.maximumOvershootNanoseconds)),
            ]
        }
        return .object(members)
    }

    private static func memory(_ memory: ReportFigures.Memory) -> JSONValue {
        func change(_ change: ReportFigures.Change?) -> JSONValue {
            guard let change else { return .null }
            return .object([
                .init("first_bytes", nanoseconds(change.first)),
                .init("last_bytes", nanoseconds(change.last)),
            ])
        }
        return .object([
            .init("name", .string(memory.name)), .init("allocated", change(memory.allocated)),
            .init("resident", change(memory.resident)),
        ])
    }
}
