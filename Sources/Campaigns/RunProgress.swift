public import Histograms
public import Measurements

/// How a run is going, once a second.
public struct RunProgress: Sendable {
    /// The second's row of the evidence.
    public var row: SeriesRow
    /// The second's samples, by key.
    public var histograms: [HistogramKey: Histogram] = [:]
    /// How long the load goes on, in seconds.
    public var totalSeconds: Double
    /// Failed requests of the run so far.
    public var failures: Int
    /// Requests of the run so far.
    public var requests: Int
}
