extension JSONValue {
    /// How many arrays and objects may enclose a value that is read.
    public static let maximumDepth = 1000

    /// What is taken for JSON.
    public enum Rules: Sendable {
        /// All that RFC 8259 allows. Numbers of any size keep their spelling; of a name that an
        /// object has twice the last value counts; half of a surrogate pair is read as U+FFFD.
        case standard
        /// That, with no name twice: what loadgen itself has written.
        case uniqueNames
        /// What two programs are sure to understand alike: also no name twice, no number beyond
        /// `Int64` or `Double`, no half of a surrogate pair, and no NUL in a name.
        ///
        /// - Source: RFC 7493
        case strict
    }

    /// Reads one JSON value: UTF-8, nothing after it.
    ///
    /// - Parameters:
    ///   - bytes: the text; O(n).
    ///   - maximumDepth: how many arrays and objects may enclose a value; at most a few thousand,
    ///     since a thread's stack holds them.
    /// - Throws: `JSONError` with the place.
    public init(
        parsing bytes: some Sequence<UInt8>, maximumDepth: Int = Self.maximumDepth,
        rules: Rules = .standard
    ) throws(JSONError) {
        func read(_ buffer: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, JSONError> {
            var reader = JSONReader(buffer, maximumDepth: maximumDepth, rules: rules)
            return Result { () throws(JSONError) in try reader.read() }
        }
        let result =
            bytes.withContiguousStorageIfAvailable(read)
            ?? Array(bytes).withUnsafeBufferPointer(read)
        self = try result.get()
    }
}
