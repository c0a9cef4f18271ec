public import JSON
import Measurements

/// What the generator itself costs: its latency against a responder in the same process that
/// answers at once, the floor under every latency that it measures on this host.
public struct Calibration: Sendable, Equatable {
    /// The host and the build that it is of; another host or build has another floor.
    public var key: String
    /// When it was measured, ISO 8601 in UTC.
    public var measuredAt: String
    /// Requests that it rests on.
    public var requests: Int
    /// Latency by quantile in parts per million, ascending: at least 500,000 and 990,000.
    public var latencies: [Quantile]
    /// Lag by quantile, likewise.
    public var lags: [Quantile]
    /// What the thread took from the allocator for a request, in bytes, once it was warm; `nil`
    /// if that could not be told.
    public var allocatedBytesPerRequest: Double?

    /// A quantile with its value.
    public struct Quantile: Sendable, Equatable {
        /// In parts per million.
        public var partsPerMillion: Int
        /// Its value.
        public var nanoseconds: UInt64

        /// A quantile from its parts.
        public init(partsPerMillion: Int, nanoseconds: UInt64) {
            self.partsPerMillion = partsPerMillion
            self.nanoseconds = nanoseconds
        }
    }

    /// A calibration from its parts.
    public init(
        key: String, measuredAt: String, requests: Int, latencies: [Quantile], lags: [Quantile],
        allocatedBytesPerRequest: Double?
    ) {
        self.key = key
        self.measuredAt = measuredAt
        self.requests = requests
        self.latencies = latencies
        self.lags = lags
        self.allocatedBytesPerRequest = allocatedBytesPerRequest
    }

    /// The floor of a quantile: the latency of the highest quantile measured that is not above it,
    /// or of the lowest.
    public func floor(partsPerMillion: Int) -> UInt64? {
        (latencies.last { $0.partsPerMillion <= partsPerMillion } ?? latencies.first)?.nanoseconds
    }

    /// The calibration for run.json and for the cache.
    public var json: JSONValue {
        func list(_ quantiles: [Quantile]) -> JSONValue {
            .array(
                quantiles.map {
                    .object([
                        .init("ppm", .integer(Int64($0.partsPerMillion))),
                        .init("ns", .integer(Int64($0.nanoseconds))),
                    ])
                })
        }
        return .object([
            .init("key", .string(key)), .init("measured_at", .string(measuredAt)),
            .init("requests", .integer(Int64(requests))), .init("latency", list(latencies)),
            .init("lag", list(lags)),
            .init(
                "allocated_bytes_per_request",
                allocatedBytesPerRequest.map { .number($0) } ?? .null),
        ])
    }

    /// `nil` if the JSON is no calibration.
    public init?(json: JSONValue) {
        func list(_ name: String) -> [Quantile]? {
            guard let entries = json[name]?.array else { return nil }
            let quantiles = entries.compactMap { entry -> Quantile? in
                guard let ppm = entry["ppm"]?.integer, (0...1_000_000).contains(ppm),
                    let ns = entry["ns"]?.integer,
                    (0...Int64(NumberCheck.maximumNanoseconds)).contains(ns)
                else { return nil }
                return Quantile(partsPerMillion: Int(ppm), nanoseconds: UInt64(ns))
            }
            return quantiles.count == entries.count ? quantiles : nil
        }
        guard let key = json["key"]?.string, let measuredAt = json["measured_at"]?.string,
            let requests = json["requests"]?.integer,
            (0...Int64(NumberCheck.maximumCount)).contains(requests),
            let latencies = list("latency"),
            let lags = list("lag"), !latencies.isEmpty
        else { return nil }
        let allocated = json["allocated_bytes_per_request"]?.double
        guard (0...Double(NumberCheck.maximumBytes)).contains(allocated ?? 0) else { return nil }
        self.init(
            key: key, measuredAt: measuredAt, requests: Int(requests), latencies: latencies,
            lags: lags, allocatedBytesPerRequest: allocated)
    }
}
