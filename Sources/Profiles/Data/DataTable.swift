/// The rows of a data file, in one buffer.
public final class DataTable: Sendable {
    /// The names of the columns, in the order of the file.
    public let columns: [String]
    /// How many rows there are; at least one.
    public let rowCount: Int
    private let bytes: [UInt8]
    /// Where each cell begins, row by row, and where the last ends.
    private let offsets: [Int]

    /// Builds a table cell by cell.
    struct Builder {
        let columns: [String]
        private(set) var rowCount = 0
        fileprivate var bytes: [UInt8] = []
        fileprivate var offsets: [Int] = [0]

        init(columns: [String]) { self.columns = columns }

        /// Appends a row with a cell for each column.
        mutating func append(_ cells: [[UInt8]]) {
            precondition(cells.count == columns.count, "\(cells.count) of \(columns.count) cells")
            for cell in cells {
                bytes += cell
                offsets.append(bytes.count)
            }
            rowCount += 1
        }
    }

    init(_ builder: Builder) {
        columns = builder.columns
        rowCount = builder.rowCount
        bytes = builder.bytes
        offsets = builder.offsets
    }

    /// The bytes of a cell; O(1), nothing is copied.
    public func cell(row: Int, column: Int) -> ArraySlice<UInt8> {
        let index = row * columns.count + column
        return bytes[offsets[index]..<offsets[index + 1]]
    }

    /// Calls `body` with the bytes of a cell, which are valid in it alone; O(1).
    public func withCell(row: Int, column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let index = row * columns.count + column
        let (start, end) = (offsets[index], offsets[index + 1])
        bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }
}

/// Why a data file cannot be used.
public struct DataError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file.
    public let file: String
    /// The line, from 1; 0 if there is none.
    public let line: Int
    /// What is wrong.
    public let message: String

    /// The place and the message.
    public var description: String {
        line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)"
    }
}
