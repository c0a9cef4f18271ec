public import Checker
import Glibc

/// The file of what clients asked of a store and what it answered: a line that says what it is, and
/// records of 32 bytes.
///
/// The line is `{"format":"loadgen operations","version":1}`. A record has, in little-endian order:
/// the key in 4 bytes, the client in 2, the kind in 1 (0 put, 1 get, 2 delete, 3 add, 4 list), the
/// outcome in 1 (0 ok, 1 failed, 2 maybe), and in 8 each the value, and when the request was sent
/// and its answer read, in nanoseconds of the monotonic clock.
public enum OperationLog {
    /// Its name in a run's folder.
    public static let file = "operations.bin"
    /// The bytes of one record.
    public static let recordBytes = 32
    /// The line before the records.
    public static let header = "{\"format\":\"loadgen operations\",\"version\":1}\n"
    /// More would not fit into memory to be judged: 100 million, of 3.2 GB.
    private static let maximumOperations = 100_000_000

    /// The bytes of one operation.
    public static func record(of operation: Operation) -> [UInt8] {
        var bytes: [UInt8] = []
        func add(_ number: UInt64, _ count: Int) {
            for index in 0..<count {
                bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index)))
            }
        }
        add(UInt64(operation.key), 4)
        add(UInt64(operation.client), 2)
        add(UInt64(operation.kind.rawValue), 1)
        add(UInt64(operation.outcome.rawValue), 1)
        add(operation.value, 8)
        add(operation.invoked, 8)
        add(operation.completed, 8)
        return bytes
    }

    /// Reads a file; O(bytes).
    ///
    /// - Throws: `EvidenceError` if it cannot be read, is of another kind, or is damaged.
    public static func read(_ path: String) throws(EvidenceError) -> [Operation] {
        let hint = "give a log whose first line is \(Self.header.dropLast())"
        let reader: LineReader
        do { reader = try LineReader(path) } catch {
            throw EvidenceError(place: error.place, message: error.message, hint: hint)
        }
        let header = Array(Self.header.utf8)
        var operations: [Operation] = []
        var status = stat()
        if stat(path, &status) == 0 {
            operations.reserveCapacity(min(Int(status.st_size) / recordBytes, maximumOperations))
        }
        guard try reader.piece(at: 0, until: header.count) == header else {
            throw EvidenceError(
                place: path, message: "no log of operations of version 1", hint: hint)
        }
        var offset = header.count
        var rest: ArraySlice<UInt8> = []
        while true {
            let piece = try reader.piece(at: offset)
            guard !piece.isEmpty else { break }
            offset += piece.count
            let bytes = rest.isEmpty ? piece[...] : rest + piece
            var start = bytes.startIndex
            while bytes.endIndex - start >= recordBytes {
                let record = bytes[start..<start + recordBytes]
                guard let operation = Operation(record) else {
                    throw damage(path, operations.count, "is none of an operation")
                }
                operations.append(operation)
                start += recordBytes
            }
            rest = bytes[start...]
            guard operations.count <= maximumOperations else {
                throw damage(path, operations.count, "is one too many")
            }
        }
        guard rest.isEmpty else { throw damage(path, operations.count, "is cut off") }
        return operations
    }

    private static func damage(
        _ path: String, _ index: Int, _ problem: String
    ) -> EvidenceError {
        EvidenceError(
            place: path, message: "record \(index + 1) \(problem)",
            hint: "the file was changed, or its writer was killed")
    }
}

extension Operation {
    /// The operation of a record; `nil` if it is none.
    fileprivate init?(_ record: ArraySlice<UInt8>) {
        func number(_ offset: Int, _ count: Int) -> UInt64 {
            (0..<count).reduce(0) { sum, index in
                sum | UInt64(record[record.startIndex + offset + index]) << UInt64(8 * index)
            }
        }
        let (invoked, completed) = (number(16, 8), number(24, 8))
        guard let kind = Kind(rawValue: UInt8(number(6, 1))),
            let outcome = Outcome(rawValue: UInt8(number(7, 1))), invoked <= completed
        else { return nil }
        self.init(
            kind, key: UInt32(number(0, 4)), value: number(8, 8), outcome: outcome,
            client: UInt16(number(4, 2)), at: invoked...completed)
    }
}

extension OperationLog {
    /// Reads the log of a run.
    ///
    /// - Throws: `EvidenceError` if it has none, or was killed: what was in flight then is not in
    ///   it, and would be taken for invented.
    public static func read(ofRun folder: String) throws(EvidenceError) -> [Operation] {
        let evidence = try RunEvidence(reading: folder)
        guard evidence.check != nil else {
            throw EvidenceError(
                place: folder,
                message: evidence.isComplete
                    ? "no scenario of the run was checked"
                    : "the run did not come to its end, so that what it did is not known",
                hint: "a run of a profile with checked scenarios has \(file)")
        }
        return try read("\(folder)/\(file)")
    }
}

extension RunEvidence {
    /// What the log of a run's checked requests says; `nil` if it has none.
    static func readCheck(_ folder: String) throws(EvidenceError) -> CheckResult? {
        let path = "\(folder)/\(OperationLog.file)"
        guard EvidenceFile.exists(path) else { return nil }
        return CheckResult(of: try OperationLog.read(path))
    }
}
