/// The interval log of HdrHistogram: one line for each tag and interval.
///
/// - Source: HdrHistogram, HistogramLogWriter.java, format version 1.3.
public enum HistogramLog {
    /// The lines that begin a log.
    ///
    /// - Parameter startSeconds: the start of the run, in seconds since 1970.
    public static func header(startSeconds: Double) -> String {
        """
        #[Histogram log format version 1.3]
        #[StartTime: \(decimal(startSeconds)) (seconds since epoch)]
        "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

        """
    }

    /// The line of one interval; times in seconds from the start, the largest value in
    /// milliseconds.
    public static func line(
        tag: String, startSeconds: Double, lengthSeconds: Double, _ histogram: Histogram
    ) -> String {
        precondition(!tag.contains(where: { ", \r\n".contains($0) }), "the tag \"\(tag)\"")
        let most = Double(histogram.highestInRange ?? 0) / 1e6
        return "Tag=\(tag),\(decimal(startSeconds)),\(decimal(lengthSeconds)),\(decimal(most)),"
            + "\(HistogramCoding.encode(histogram))\n"
    }

    /// Whether a line holds no interval, but says something of the log.
    public static func isRemark(_ line: ArraySlice<UInt8>) -> Bool {
        line.first == UInt8(ascii: "#") || line.first == UInt8(ascii: "\"")
    }

    /// The line of one interval, whose histogram is decoded when it is asked for.
    public struct Line: Sendable {
        /// The tag; empty where the line has none.
        public var tag: String
        /// When it began, in seconds from the start.
        public var startSeconds: Double
        /// How long it was, in seconds.
        public var lengthSeconds: Double
        private let code: ArraySlice<UInt8>

        /// Takes a line apart; `nil` if it is none.
        public init?(_ line: ArraySlice<UInt8>) {
            let comma = UInt8(ascii: ",")
            var fields = line.split(separator: comma, omittingEmptySubsequences: false)
            tag = ""
            if let first = fields.first, first.starts(with: Self.tagMark) {
                guard let text = String(validating: first.dropFirst(4), as: UTF8.self) else {
                    return nil
                }
                tag = text
                fields.removeFirst()
            }
            guard fields.count == 4, let start = Self.number(fields[0]),
                let length = Self.number(fields[1])
            else { return nil }
            (startSeconds, lengthSeconds, code) = (start, length, fields[3])
        }

        /// Puts its samples in the place of what a histogram held, whose memory it uses again.
        ///
        /// O(slots in use).
        ///
        /// - Returns: whether they are whole; where they are not, the histogram holds any of them.
        public func read(into histogram: inout Histogram) -> Bool {
            HistogramCoding.decode(code, into: &histogram)
        }

        private static let tagMark = Array("Tag=".utf8)

        private static func number(_ digits: ArraySlice<UInt8>) -> Double? {
            Double(String(decoding: digits, as: UTF8.self))
        }
    }

    /// Three decimals.
    private static func decimal(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let digits = String(thousandths.magnitude % 1000 + 1000).dropFirst()
        return "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000).\(digits)"
    }
}
