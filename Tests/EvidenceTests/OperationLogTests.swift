import Checker
import Evidence
import FoundationEssentials
import Testing

@Suite struct OperationLogTests {
    private static let operations: [Operation] = [
        Operation(.put, key: 0, value: 1, at: 0...1),
        Operation(.get, key: 0xFEDC_BA98, outcome: .maybe, client: 0xABCD, at: 5...6),
        Operation(.delete, key: 3, outcome: .failed, at: 7...8),
        Operation(.add, key: 4, value: 0x0123_4567_89AB_CDEF, at: 9 ... .max),
        Operation(.list, key: 4, value: .max, client: 1, at: 11...11),
    ]

    private func read(_ bytes: [UInt8]) throws -> [Operation] {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try OperationLog.read(path)
    }

    private var log: [UInt8] {
        Array(OperationLog.header.utf8) + Self.operations.flatMap { OperationLog.record(of: $0) }
    }

    @Test func `a log that is not there says what to give`() {
        let error = #expect(throws: EvidenceError.self) {
            try OperationLog.read("/nonexistent/operations.bin")
        }
        #expect(error?.place == "/nonexistent/operations.bin")
        #expect(error?.hint.hasPrefix("give a log whose first line is {") == true)
    }

    @Test func `a log reads back as it was written`() throws {
        #expect(try read(log) == Self.operations)
        #expect(try read(Array(OperationLog.header.utf8)).isEmpty)
        #expect(OperationLog.record(of: Self.operations[0]).count == OperationLog.recordBytes)
    }

    @Test func `a log of more than one piece reads back whole`() throws {
        let many = (0..<70_000 as Range<UInt64>).map {
            Operation(.put, key: UInt32($0), value: $0 + 1, at: $0...$0 + 2)
        }
        let bytes = Array(OperationLog.header.utf8) + many.flatMap { OperationLog.record(of: $0) }
        #expect(try read(bytes) == many)
    }

    @Test func `a record is little-endian and in the documented order`() {
        let operation = Operation(
            .list, key: 1, value: 2, outcome: .maybe, client: 3, at: 4...0x0500)
        #expect(
            OperationLog.record(of: operation) == [
                1, 0, 0, 0, 3, 0, 4, 2, 2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0,
                0, 0, 0, 0,
            ])
    }

    @Test func `damage is named with its record`() {
        func message(_ bytes: [UInt8]) -> String? {
            do {
                _ = try read(bytes)
                return nil
            } catch { return (error as? EvidenceError)?.message }
        }
        #expect(message(log.dropLast()) == "record 5 is cut off")
        #expect(message([]) == "no log of operations of version 1")
        #expect(message(Array(log.dropFirst())) == "no log of operations of version 1")
        let second = OperationLog.header.utf8.count + OperationLog.recordBytes
        for (offset, value) in [(6, 9), (7, 3)] as [(Int, UInt8)] {
            var bytes = log
            bytes[second + offset] = value
            #expect(message(bytes) == "record 2 is none of an operation")
        }
        var backwards = log
        backwards[second + 24] = 1
        #expect(message(backwards) == "record 2 is none of an operation")
    }
}
