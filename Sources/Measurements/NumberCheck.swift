/// A line of the evidence that can tell whether its numbers are ones that a run can have.
package protocol CheckedLine {
    /// Looks at every number.
    func check(_ numbers: inout NumberCheck)
}

/// Finds the first number of a file that no run can have, so that nothing that is computed of what
/// was read leaves the range of its type.
package struct NumberCheck {
    /// The most of anything in one line: a million million.
    package static let maximumCount = 1_000_000_000_000
    /// The most that the counts of a file add up to.
    package static let maximumTotal = 100_000_000_000_000_000
    /// The longest time: 2^56 ns, some 2.3 years.
    package static let maximumNanoseconds: UInt64 = 1 << 56
    /// The longest time in seconds, from 1970 at the earliest.
    package static let maximumSeconds = 1e12
    /// No run is longer, in seconds: some 31 years.
    package static let maximumRunSeconds = 1e9
    /// The largest size, which a `Double` still has exactly: 2^53 bytes.
    package static let maximumBytes: UInt64 = 1 << 53

    /// The most threads that a run can have.
    package static let maximumThreads = 4096

    /// Nothing seen yet.
    package init() {}

    /// The field, its value and what is allowed, in words; `nil` if every number is possible.
    package private(set) var problem: String?
    private var total = 0
    private var lastSeconds = 0.0

    /// A number of things, of which the whole file has a bounded sum.
    package mutating func count(_ name: String, _ value: Int?, from least: Int = 0) {
        guard let value, problem == nil else { return }
        number(name, value, least...Self.maximumCount)
        guard problem == nil else { return }
        total += value
        if total > Self.maximumTotal {
            problem =
                "\(name) is \(value), and the counts of the file add up to more than "
                + "\(Self.maximumTotal)"
        }
    }

    /// A time or a length of time.
    package mutating func nanoseconds(_ name: String, _ value: UInt64?) {
        if let value { number(name, value, 0...Self.maximumNanoseconds) }
    }

    /// A time before or after the start of the load, or a difference.
    package mutating func nanoseconds(_ name: String, _ value: Int64?) {
        let most = Int64(Self.maximumNanoseconds)
        if let value { number(name, value, -most...most) }
    }

    /// A time in seconds, before or after the start of the load.
    package mutating func seconds(_ name: String, _ value: Double?) {
        if let value { number(name, value, -Self.maximumSeconds...Self.maximumSeconds) }
    }

    /// The end of a second, which is after that of the line before.
    package mutating func end(_ name: String, _ value: Double) {
        number(name, value, 0...Self.maximumRunSeconds)
        guard problem == nil else { return }
        if value <= lastSeconds {
            problem = "\(name) is \(value) (allowed above \(lastSeconds), that of the line before)"
        }
        lastSeconds = value
    }

    /// A size.
    package mutating func bytes(_ name: String, _ value: UInt64?) {
        if let value { number(name, value, 0...Self.maximumBytes) }
    }

    /// A part of a whole, which clocks may push somewhat beyond its ends.
    package mutating func share(_ name: String, _ value: Double?) {
        if let value { number(name, value, -1e6...1e6) }
    }

    /// Any number with a range of its own.
    package mutating func number<Value: Comparable & Sendable>(
        _ name: String, _ value: Value, _ allowed: ClosedRange<Value>
    ) {
        guard problem == nil, !allowed.contains(value) else { return }
        problem =
            "\(name) is \(value) (allowed \(allowed.lowerBound) to \(allowed.upperBound))"
    }

    /// Two numbers of which the first may not be the larger one.
    package mutating func order<Value: Comparable>(
        _ name: String, _ value: Value?, notAbove other: String, _ bound: Value?
    ) {
        guard problem == nil, let value, let bound, value > bound else { return }
        problem = "\(name) is \(value) (allowed \(other), \(bound), at most)"
    }
}

extension RunEvent: CheckedLine {
    package func check(_ numbers: inout NumberCheck) { numbers.seconds("time_s", timeSeconds) }
}

extension SeriesRow: CheckedLine {
    package func check(_ numbers: inout NumberCheck) {
        numbers.end("time_s", timeSeconds)
        for (name, value) in [
            ("planned", planned), ("started", started), ("iterations", iterations),
            ("dropped", dropped), ("sent", sent), ("skipped", skipped), ("unfed", unfed),
            ("in_flight", inFlight),
        ] {
            numbers.count(name, value)
        }
        for counts in counts + (groups ?? []) {
            for (outcome, count) in counts.outcomes { numbers.count(outcome.rawValue, count) }
            for (threshold, count) in counts.over { numbers.count("over \(threshold)", count) }
        }
        for failure in failures ?? [] { failure.check(&numbers) }
        for summary in [latency, lag] { summary?.check(&numbers) }
        for reading in [target, generator] { reading?.check(&numbers) }
        numbers.share("busiest_loop", busiestLoop)
        numbers.share("steal", steal)
        for loop in loops ?? [] { loop.check(&numbers) }
        // A clock may be set from 1970 to this day.
        let decades = Int64(1) << 62
        numbers.number("clock_step_ns", clockStepNanoseconds ?? 0, -decades...decades)
        numbers.number("suspended_ns", suspendedNanoseconds ?? 0, -decades...decades)
    }
}

extension QuantileSummary {
    fileprivate func check(_ numbers: inout NumberCheck) {
        numbers.nanoseconds("p50_ns", p50Nanoseconds)
        numbers.nanoseconds("p95_ns", p95Nanoseconds)
        numbers.nanoseconds("p99_ns", p99Nanoseconds)
        numbers.nanoseconds("max_ns", maxNanoseconds)
    }
}

extension FailureCount {
    fileprivate func check(_ numbers: inout NumberCheck) {
        numbers.count("count", count, from: 1)
        if let status { numbers.number("status", status, 0...999) }
        numbers.nanoseconds("first_due_ns", firstDueNanoseconds)
        numbers.nanoseconds("last_due_ns", lastDueNanoseconds)
    }
}

extension FailureRecord: CheckedLine {
    package func check(_ numbers: inout NumberCheck) {
        numbers.nanoseconds("due_ns", dueNanoseconds)
        numbers.nanoseconds("ready_ns", readyNanoseconds)
        numbers.nanoseconds("sent_ns", sentNanoseconds)
        numbers.nanoseconds("done_ns", doneNanoseconds)
        if let status { numbers.number("status", status, 0...999) }
    }
}

extension LoopReading {
    fileprivate func check(_ numbers: inout NumberCheck) {
        numbers.share("cpu", cpu)
        numbers.share("busy", busy)
        for (name, value) in [
            ("voluntary_switches", voluntarySwitches),
            ("involuntary_switches", involuntarySwitches), ("turns", turns), ("events", events),
            ("sent", sent), ("connections", connections), ("opened", opened),
            ("reconnects", reconnects), ("read_max_bytes", maximumReadBytes),
        ] {
            numbers.count(name, value)
        }
        numbers.bytes("allocated_bytes", allocatedBytes)
        numbers.nanoseconds("overshoot_ns", overshootNanoseconds)
        numbers.nanoseconds("overshoot_max_ns", maximumOvershootNanoseconds)
        for stretch in blind ?? [] {
            numbers.nanoseconds("from_ns", stretch.fromNanoseconds)
            numbers.nanoseconds("to_ns", stretch.toNanoseconds)
        }
    }
}

extension DueSecond: CheckedLine {
    package func check(_ numbers: inout NumberCheck) {
        numbers.number("due_s", second, 0...1_000_000_000)
        numbers.count("total", total)
        numbers.count("failed", failed)
        numbers.order("failed", failed, notAbove: "total", total)
        for (threshold, count) in over { numbers.count("over \(threshold)", count) }
        for slot in slots ?? [] {
            numbers.number("tenth", slot.tenth, 0...9)
            for (name, count) in [
                ("total", slot.total), ("failed", slot.failed), ("slow", slot.slow),
            ] { numbers.count(name, count) }
            numbers.nanoseconds("first_bad_ns", slot.firstBadNanoseconds)
            numbers.nanoseconds("last_bad_ns", slot.lastBadNanoseconds)
            numbers.nanoseconds("first_good_ns", slot.firstGoodNanoseconds)
            numbers.nanoseconds("last_good_ns", slot.lastGoodNanoseconds)
        }
    }
}

extension Silence: CheckedLine {
    package func check(_ numbers: inout NumberCheck) {
        numbers.number("loop", loop, 0...NumberCheck.maximumThreads)
        numbers.nanoseconds("from_ns", fromNanoseconds)
        numbers.nanoseconds("due_ns", dueNanoseconds)
        numbers.nanoseconds("to_ns", toNanoseconds)
        numbers.nanoseconds("last_ns", lastNanoseconds)
        numbers.order("from_ns", fromNanoseconds, notAbove: "due_ns", dueNanoseconds)
        numbers.order("from_ns", fromNanoseconds, notAbove: "to_ns", toNanoseconds)
        numbers.order("due_ns", dueNanoseconds, notAbove: "to_ns", toNanoseconds)
        numbers.order("due_ns", dueNanoseconds, notAbove: "last_ns", lastNanoseconds)
    }
}

extension Trough: CheckedLine {
    package func check(_ numbers: inout NumberCheck) {
        numbers.seconds("time_s", timeSeconds)
        for (name, value) in [
            ("round", round), ("requests", requests), ("in_flight", inFlight),
            ("connections", connections),
        ] { numbers.count(name, value) }
        for reading in [target, generator] { reading?.check(&numbers) }
    }
}

extension HeapGrowth: CheckedLine {
    package func check(_ numbers: inout NumberCheck) {
        let most = Double(NumberCheck.maximumBytes)
        numbers.seconds("first_s", firstSeconds)
        numbers.seconds("last_s", lastSeconds)
        numbers.count("requests", requests)
        if let sampleBytes { numbers.number("sample_bytes", sampleBytes, 0...most) }
        for stack in stacks {
            numbers.number("bytes", stack.bytes, -most...most)
            numbers.number("objects", stack.objects, -most...most)
            numbers.share("share", stack.share)
        }
        for size in sizes {
            numbers.bytes("size_bytes", size.sizeBytes)
            numbers.number(
                "objects", size.objects,
                -Int64(NumberCheck.maximumCount)...Int64(NumberCheck.maximumCount))
        }
    }
}
