public import Statistics

/// What a check found, and how much there was to find it in.
public struct CheckResult: Sendable, Equatable {
    /// The number of records.
    public internal(set) var operations = 0
    /// Writes that were acknowledged.
    public internal(set) var acknowledgedWrites = 0
    /// Writes that were refused.
    public internal(set) var refusedWrites = 0
    /// Writes of which nobody knows whether they happened.
    public internal(set) var uncertainWrites = 0
    /// Gets that were answered, and events that lists returned.
    public internal(set) var reads = 0
    /// Registers that nobody read after their last acknowledged write, and acknowledged events
    /// that no complete list was asked for.
    public internal(set) var unread = 0
    /// Keys that could not be judged, because a value was written twice or the key deleted twice.
    public internal(set) var unjudged = 0
    /// What was found, by anomaly; empty if every answer was right.
    public internal(set) var findings: [Anomaly: Finding] = [:]

    /// A result of no operations.
    public init() {}

    /// FAIL if anything was found; else PASS, or INVALID if there was too little to find it in.
    public func verdict(_ evidence: RequiredEvidence = RequiredEvidence()) -> Verdict {
        guard findings.isEmpty else { return .fail }
        return shortage(evidence) == nil ? .pass : .invalid
    }

    /// What the evidence lacks, in words; `nil` if nothing.
    public func shortage(_ evidence: RequiredEvidence = RequiredEvidence()) -> String? {
        if acknowledgedWrites < evidence.minimumWrites {
            return "\(acknowledgedWrites) acknowledged writes (at least \(evidence.minimumWrites))"
        }
        if reads < evidence.minimumReads {
            return "\(reads) reads (at least \(evidence.minimumReads))"
        }
        if unread > 0 { return "\(unread) writes were not read back" }
        if unjudged > 0 { return "\(unjudged) keys have a value or a deletion twice" }
        return nil
    }

    mutating func count(_ operation: Operation) {
        operations += 1
        let isRead = operation.kind == .get || operation.kind == .list
        switch operation.outcome {
        case .ok where isRead:
            reads += operation.kind == .get || operation.value != Operation.none ? 1 : 0
        case .ok: acknowledgedWrites += 1
        case .failed: refusedWrites += isRead ? 0 : 1
        case .maybe: uncertainWrites += isRead ? 0 : 1
        }
    }

    /// Whether one more candidate for the witness is worth its making.
    func wantsWitness(of anomaly: Anomaly) -> Bool {
        findings[anomaly].map { $0.count < Finding.maximumCandidates } ?? true
    }

    mutating func found(_ anomaly: Anomaly, _ witness: [Operation], times: Int = 1) {
        findings[anomaly, default: Finding()].add(times, witness)
    }
}

/// How much a check needs to say that nothing was found.
public struct RequiredEvidence: Sendable, Equatable {
    /// Acknowledged writes; at least 1.
    public var minimumWrites: Int
    /// Reads that were answered; at least 1.
    public var minimumReads: Int

    /// The usual requirement: 100 of each.
    public init(minimumWrites: Int = 100, minimumReads: Int = 100) {
        precondition(minimumWrites > 0 && minimumReads > 0, "\(minimumWrites), \(minimumReads)")
        self.minimumWrites = minimumWrites
        self.minimumReads = minimumReads
    }
}
