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

    /// One interval of a log.
    public struct Interval: Sendable {
        /// The tag; empty where the line has none.
        public var tag: String
        /// When it began, in seconds from the start.
        public var startSeconds: Double
        /// How long it was, in seconds.
        public var lengthSeconds: Double
        /// Its samples.
        public var histogram: Histogram
        /// Its line in the log, from 1.
        public var line: Int
    }

    /// A line that is none.
    public struct LineError: Error, Sendable {
        /// Its number, from 1.
        public let line: Int
    }

    /// Reads a log line by line, so that one interval at a time is in memory.
    ///
    /// - Parameters:
    ///   - isWanted: whether the intervals of a tag are to be decoded.
    ///   - body: takes each interval in the order of the log.
    /// - Returns: whether the last line was cut off and is left out.
    /// - Throws: `LineError` for any other line that cannot be read.
    public static func read(
        _ text: String, where isWanted: (_ tag: Substring) -> Bool = { _ in true },
        _ body: (Interval) throws(LineError) -> Void
    ) throws(LineError) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("\"") { continue }
            if index == lines.count - 1 { return true }
            if line.hasPrefix("Tag="), let comma = line.firstIndex(of: ","),
                !isWanted(line[..<comma].dropFirst(4))
            {
                continue
            }
            guard let interval = interval(line, number: index + 1) else {
                throw LineError(line: index + 1)
            }
            try body(interval)
        }
        return false
    }

    /// Reads a whole log into memory.
    ///
    /// - Returns: the intervals, and whether the last line was cut off and is left out.
    /// - Throws: `LineError` for any other line that cannot be read.
    public static func read(
        _ text: String
    ) throws(LineError) -> (intervals: [Interval], isCut: Bool) {
        var intervals: [Interval] = []
        let isCut = try read(text) { intervals.append($0) }
        return (intervals, isCut)
    }

    private static func interval(_ line: Substring, number: Int) -> Interval? {
        var fields = line.split(separator: ",", omittingEmptySubsequences: false)
        var tag = ""
        if fields[0].hasPrefix("Tag=") { tag = String(fields.removeFirst().dropFirst(4)) }
        guard fields.count == 4, let start = Double(fields[0]), let length = Double(fields[1]),
            let histogram = HistogramCoding.decode(String(fields[3]))
        else { return nil }
        return Interval(
            tag: tag, startSeconds: start, lengthSeconds: length, histogram: histogram,
            line: number)
    }

    /// Three decimals.
    private static func decimal(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let digits = String(thousandths.magnitude % 1000 + 1000).dropFirst()
        return "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000).\(digits)"
    }
}
