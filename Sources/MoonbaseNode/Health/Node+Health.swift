import EventLoops
import JSON

extension Node {
    /// Reads what has a limit; called once a second.
    public func measure() {
        storage.saveUnsaved()
        let counts = director.counts
        var values: [Pressure.Resource: Double] = [
            // What was swapped out is not resident, and is memory still.
            .memory: max(ProcessFigures.residentBytes, ProcessFigures.allocatedBytes),
            .jobs: Double(counts.queued + counts.running),
        ]
        if let disk = DiskSpace.of(storage.settings.folder) {
            values[.disk] = disk.used
            pressure.limit(.disk, to: disk.total)
        }
        pressure.update(values)
    }

    /// Sets what memory may grow to, in bytes.
    public func limitMemory(toBytes bytes: Int) { pressure.limit(.memory, to: Double(bytes)) }

    /// Whether storage answers and the queues have room, with the reasons where not.
    var readiness: Answer {
        var reasons = pressure.reasons
        let now = storage.settings.clock.nowNanoseconds
        if let problem = storage.health.withLock({ $0.problem(at: now) }) {
            reasons.append(problem)
        }
        let waiting = storage.waiting
        if waiting.writes > Storage.maximumWaiting * 8 / 10 {
            reasons.append("too many writes wait")
        }
        if waiting.reads > Storage.maximumWaiting * 8 / 10 { reasons.append("too many reads wait") }
        guard !reasons.isEmpty else { return .text("ready\n") }
        return Refusal(503, reasons.joined(separator: "; ")).answer
    }

    /// Prometheus text, format 0.0.4.
    var metricsText: String {
        var text = metrics.text
        func add(_ name: String, _ value: Double, type: String = "gauge") {
            text += "# TYPE \(name) \(type)\n\(name) \(Self.number(value))\n"
        }
        func add(_ name: String, _ value: Int, type: String = "gauge") {
            text += "# TYPE \(name) \(type)\n\(name) \(value)\n"
        }
        let model = bay.snapshot
        add("moonbase_pods", model.pods.count)
        add("moonbase_databases_open", model.databases.values.count(where: \.isOpen))
        add("moonbase_containers", model.containersStarted - model.containersStopped)
        add("moonbase_containers_started_total", model.containersStarted, type: "counter")
        add("moonbase_containers_stopped_total", model.containersStopped, type: "counter")
        add("moonbase_pubsub_delivered_total", model.delivered, type: "counter")
        let jobs = director.counts
        text += "# TYPE moonbase_jobs gauge\n"
        for (state, count) in [
            ("queued", jobs.queued), ("running", jobs.running), ("dead", jobs.dead),
        ] { text += "moonbase_jobs{state=\"\(state)\"} \(count)\n" }
        add("moonbase_jobs_succeeded_total", jobs.succeeded, type: "counter")
        add("moonbase_jobs_failed_total", jobs.failed, type: "counter")
        add("moonbase_jobs_refused_total", jobs.refused, type: "counter")
        add("moonbase_jobs_retried_total", jobs.retried, type: "counter")
        add("moonbase_calls_timed_out_total", jobs.timedOut, type: "counter")
        add("moonbase_breaker_opened_total", jobs.opened, type: "counter")
        text += "# TYPE moonbase_breakers gauge\n"
        text += "moonbase_breakers{state=\"open\"} \(jobs.open)\n"
        text += "moonbase_breakers{state=\"half-open\"} \(jobs.halfOpen)\n"
        text += storageMetrics + exhaustionMetrics
        text += injector.metricsText
        for figure in ProcessFigures.all { add(figure.name, figure.value, type: figure.type) }
        return text
    }

    private var storageMetrics: String {
        let health = storage.health.withLock { $0 }
        let waiting = storage.waiting
        let cached = cache.counts
        let rows: [(String, String, Double)] = [
            ("moonbase_waiting_writes", "gauge", Double(waiting.writes)),
            ("moonbase_waiting_reads", "gauge", Double(waiting.reads)),
            ("moonbase_refused_writes_total", "counter", Double(health.refusedWrites)),
            ("moonbase_refused_reads_total", "counter", Double(health.refusedReads)),
            ("moonbase_commits_total", "counter", Double(health.commits)),
            ("moonbase_commit_failures_total", "counter", Double(health.failures)),
            ("moonbase_committed_writes_total", "counter", Double(health.writes)),
            (
                "moonbase_commit_seconds_total", "counter",
                Double(health.sumCommitNanoseconds) / 1e9
            ),
            (
                "moonbase_last_commit_seconds", "gauge",
                Double(health.lastCommitNanoseconds) / 1e9
            ),
            ("moonbase_checkpoints_total", "counter", Double(health.checkpoints)),
            ("moonbase_wal_bytes", "gauge", Double(storage.logBytes)),
            ("moonbase_cache_hits_total", "counter", Double(cached.hits)),
            ("moonbase_cache_misses_total", "counter", Double(cached.misses)),
        ]
        return rows.map { "# TYPE \($0) \($1)\n\($0) \(Self.number($2))\n" }.joined()
    }

    private var exhaustionMetrics: String {
        let name = "moonbase_exhaustion_seconds"
        return "# TYPE \(name) gauge\n"
            + pressure.secondsLeft.map { resource, seconds in
                "\(name){resource=\"\(resource.rawValue)\"} \(Self.number(seconds))\n"
            }.joined()
    }

    /// Prometheus writes infinity its own way, and whole numbers need no fraction.
    private static func number(_ value: Double) -> String {
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}
