import Evidence
import Measurements
import Profiles
import Statistics

/// What a process held at its quiet moments, against time and against completed requests.
struct LeakSeries {
    /// Whose it is.
    enum Subject: String {
        case target
        case generator = "loadgen"
    }

    /// What is counted.
    enum Quantity: String, CaseIterable {
        case liveBytes = "live bytes"
        case anonymousMemory = "anonymous memory"
        case residentMemory = "resident memory"
        case openFiles = "open files"
        case sockets = "connections"
        case threads

        /// The step in which it is counted: a page where memory comes in pages.
        var granularity: Double {
            switch self {
            case .anonymousMemory, .residentMemory: 4096
            default: 1
            }
        }

        var isMemory: Bool {
            switch self {
            case .liveBytes, .anonymousMemory, .residentMemory: true
            case .openFiles, .sockets, .threads: false
            }
        }
    }

    /// One quiet moment.
    struct Point: Equatable {
        let timeSeconds: Double
        let requests: Double
        let value: Double
    }

    let subject: Subject
    let quantity: Quantity
    /// In the order of time, with requests that increase; the smallest of each block.
    let points: [Point]
    /// How many readings there were in each block.
    let block: Int
    /// Whether they were read at the drained end of a round.
    let isDrained: Bool
    /// Whether growth that is left may be what a collector has not taken yet.
    var isUncollected = false

    var first: Double { points.first?.value ?? 0 }
    var last: Double { points.last?.value ?? 0 }
}

/// Takes series out of a run's evidence: its troughs, or the lowest second of each block where the
/// load has no rounds.
struct LeakSeriesReader {
    private struct Moment {
        let timeSeconds: Double
        let requests: Int
        let connections: Int
        let target: ProcessReading?
        let generator: ProcessReading?
    }

    /// Whether moments are drained troughs.
    let isDrained: Bool
    /// Troughs that the target did not drain for.
    let undrained: Int
    private let moments: [Moment]

    /// Warm-up is at least this share of a run.
    private static let minimumWarmUp = 0.1
    /// Every pair of floors is looked at.
    private static let maximumFloors = 500
    private static let usualFloors = 60

    init(_ evidence: RunEvidence, _ profile: Profile, phase: String? = nil) {
        let judged = profile.judgedPhaseNames.filter { phase == nil || $0 == phase }
        let end = max(
            evidence.troughs.last?.timeSeconds ?? 0, evidence.rows.last?.timeSeconds ?? 0)
        let begin = Self.minimumWarmUp * end
        let own = evidence.troughs.filter { judged.contains($0.phase) && $0.timeSeconds >= begin }
        let drained = own.filter { $0.inFlight == 0 }
        undrained = own.count - drained.count
        isDrained = !own.isEmpty
        if isDrained {
            moments = drained.map {
                Moment(
                    timeSeconds: $0.timeSeconds, requests: $0.requests,
                    connections: $0.connections, target: $0.target, generator: $0.generator)
            }
        } else {
            moments = Self.seconds(evidence, judged, from: begin)
        }
    }

    private static func seconds(
        _ evidence: RunEvidence, _ judged: Set<String>, from begin: Double
    ) -> [Moment] {
        var requests = 0
        var moments: [Moment] = []
        for row in evidence.rows {
            requests += row.counts.reduce(0) { sum, counts in
                sum + counts.outcomes.reduce(0) { $0 + ($1.key == .dropped ? 0 : $1.value) }
            }
            guard row.isIn(judged), row.timeSeconds >= begin else { continue }
            moments.append(
                Moment(
                    timeSeconds: row.timeSeconds, requests: requests,
                    connections: row.loops?.reduce(0) { $0 + $1.connections } ?? 0,
                    target: row.target, generator: row.generator))
        }
        return moments
    }

    /// Whether there is any reading of the target's memory.
    var hasTarget: Bool { moments.contains { $0.target != nil } }

    /// Whether the target's process was another one in the middle of the run.
    var hasRestart: Bool {
        let source = source(of: .target)
        let starts = moments.compactMap(\.target).filter { $0.source == source }
            .compactMap(\.startSeconds)
        // Clocks that are read apart may differ by a second.
        guard let first = starts.first else { return false }
        return starts.contains { ($0 - first).magnitude > 2 }
    }

    /// Where most readings of a subject come from.
    func source(of subject: LeakSeries.Subject) -> ProcessReading.Source? {
        mainSource(moments.map { reading($0, subject) })
    }

    /// The quantity that says how much memory a subject holds; `nil` if none was read.
    func memory(of subject: LeakSeries.Subject) -> LeakSeries.Quantity? {
        let source = source(of: subject)
        let main = moments.compactMap { reading($0, subject) }.filter { $0.source == source }
        if source != .proc, main.contains(where: { $0.allocatedBytes != nil }) {
            return .liveBytes
        }
        if main.contains(where: { $0.anonymousBytes != nil }) { return .anonymousMemory }
        return main.contains { $0.residentBytes != nil } ? .residentMemory : nil
    }

    /// One series; `nil` if fewer than two readings have it.
    func series(
        _ quantity: LeakSeries.Quantity, of subject: LeakSeries.Subject
    ) -> LeakSeries? {
        let source = source(of: subject)
        var points: [LeakSeries.Point] = []
        for moment in moments {
            guard let reading = reading(moment, subject), reading.source == source,
                let value = Self.value(quantity, reading, moment.connections)
            else { continue }
            if let last = points.last, Double(moment.requests) <= last.requests { continue }
            points.append(
                LeakSeries.Point(
                    timeSeconds: moment.timeSeconds, requests: Double(moment.requests),
                    value: value))
        }
        guard points.count >= 2 else { return nil }
        // Drained floors of an allocator stand for themselves; a heap that is collected from time
        // to time shows its floor in some of them.
        let wanted =
            quantity == .anonymousMemory
            ? LeakTest.fullFloors : isDrained ? Self.maximumFloors : Self.usualFloors
        let block = max(1, points.count / wanted)
        var series = LeakSeries(
            subject: subject, quantity: quantity, points: Self.floors(points, block: block),
            block: block, isDrained: isDrained)
        let isCollected = moments.contains { self.reading($0, subject)?.collector != nil }
        series.isUncollected =
            isCollected && source == .proc && quantity.isMemory
            && Self.isUncollected(points.map(\.value))
        return series
    }

    /// Whether a collector has not shown what it leaves: fewer than three falls, and less than four
    /// times as much memory as at the start, which is the most that heaps let gather.
    static func isUncollected(_ values: [Double]) -> Bool {
        guard let first = values.first, let last = values.last, let low = values.min(),
            let high = values.max()
        else { return true }
        let fall = minimumFallShare * (high - low)
        var falls = 0
        var top = first
        for value in values {
            if value < top - fall {
                falls += 1
                top = value
            }
            top = max(top, value)
        }
        return falls < minimumFalls && last < maximumGrowth * first
    }

    private static let minimumFallShare = 0.1
    private static let minimumFalls = 3
    private static let maximumGrowth = 4.0

    private static func floors(_ points: [LeakSeries.Point], block: Int) -> [LeakSeries.Point] {
        guard block > 1, let series = try? Series(points.map(\.value)) else { return points }
        return Floor(series, block: block).indices.map { points[$0] }
    }

    private func reading(
        _ moment: Moment, _ subject: LeakSeries.Subject
    ) -> ProcessReading? {
        subject == .target ? moment.target : moment.generator
    }

    /// Where most readings come from; one that comes from elsewhere cannot be compared.
    private func mainSource(_ readings: [ProcessReading?]) -> ProcessReading.Source? {
        var counts: [ProcessReading.Source: Int] = [:]
        for case let source? in readings.map({ $0?.source }) { counts[source, default: 0] += 1 }
        return counts.max { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }?.key
    }

    /// Handles of the generator's own connections are its doing, and left out.
    private static func value(
        _ quantity: LeakSeries.Quantity, _ reading: ProcessReading, _ connections: Int
    ) -> Double? {
        switch quantity {
        case .liveBytes: reading.allocatedBytes.map { Double($0) }
        case .anonymousMemory: reading.anonymousBytes.map { Double($0) }
        case .residentMemory: reading.residentBytes.map { Double($0) }
        case .openFiles: reading.openFiles.map { Double($0 - connections) }
        case .sockets: reading.sockets.map { Double($0 - connections) }
        case .threads: reading.threads.map { Double($0) }
        }
    }
}
