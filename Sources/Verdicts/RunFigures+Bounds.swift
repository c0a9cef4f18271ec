extension RunFigures {
    private static let maximumRequests = 1_000_000_000_000_000
    private static let maximumValue = 1e18

    /// Whether a run can have these figures, so that they can be compared without leaving the range
    /// of numbers: they may come from a file that anybody wrote.
    public var isPossible: Bool {
        (0...Self.maximumRequests).contains(requests)
            && values.allSatisfy { name, value in
                guard let metric = ComparisonMetric(named: name) else { return true }
                return value.magnitude <= Self.maximumValue
                    && (metric.isDifference ? metric.scale(value).isFinite : value >= 0)
            }
            && (resolutions ?? [:]).values.allSatisfy { $0 >= 0 && $0 <= Self.maximumValue }
            && (startedSeconds ?? 0).magnitude <= Self.maximumValue
    }
}
