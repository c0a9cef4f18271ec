import JSON

extension DataTable {
    /// Reads comma-separated values: a line of names, then a row a line.
    ///
    /// A cell in double quotes may hold commas, line ends and doubled quotes; empty lines are left
    /// out.
    ///
    /// - Throws: `DataError` with the line.
    /// - Source: RFC 4180.
    convenience init(csv bytes: [UInt8], file: String) throws(DataError) {
        var reader = CSVReader(bytes: bytes, file: file)
        guard let head = try reader.nextRow() else {
            throw DataError(file: file, line: 1, message: "the file has no line of column names")
        }
        let columns = head.map { String(decoding: $0, as: UTF8.self) }
        var known: Set<ExactText> = []
        for (index, name) in columns.enumerated() {
            if name.isEmpty {
                throw DataError(file: file, line: 1, message: "column \(index + 1) has no name")
            }
            if !known.insert(ExactText(name)).inserted {
                throw DataError(
                    file: file, line: 1, message: "the column \"\(name)\" is there twice")
            }
        }
        var builder = Builder(columns: columns)
        while let row = try reader.nextRow() {
            guard row.count == columns.count else {
                throw DataError(
                    file: file, line: reader.rowLine,
                    message:
                        "\(row.count) cells, where the first line names \(columns.count) columns")
            }
            builder.append(row)
        }
        guard builder.rowCount > 0 else {
            throw DataError(file: file, line: 1, message: "the file has no row below the names")
        }
        self.init(builder)
    }
}

/// Takes comma-separated values apart, row by row.
private struct CSVReader {
    let bytes: [UInt8]
    let file: String
    private var position: Int
    private var line = 1
    /// The line where the last row began.
    private(set) var rowLine = 1

    private static let quote = UInt8(ascii: "\"")
    private static let lineEnd = UInt8(ascii: "\n")
    private static let comma = UInt8(ascii: ",")

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        // A byte order mark is no part of the first name.
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The cells of the next row; `nil` at the end.
    mutating func nextRow() throws(DataError) -> [[UInt8]]? {
        skipEmptyLines()
        guard position < bytes.count else { return nil }
        rowLine = line
        var row: [[UInt8]] = []
        while true {
            row.append(try nextCell())
            guard position < bytes.count else { return row }
            let end = bytes[position]
            position += 1
            if end == Self.lineEnd {
                line += 1
                return row
            }
        }
    }

    private mutating func skipEmptyLines() {
        while position < bytes.count {
            let skip = lineEndLength(at: position)
            guard skip > 0 else { return }
            position += skip
            line += 1
        }
    }

    /// 1 for a line feed, 2 with a carriage return before it, 0 for anything else.
    private func lineEndLength(at position: Int) -> Int {
        guard position < bytes.count else { return 0 }
        if bytes[position] == Self.lineEnd { return 1 }
        let isReturn = bytes[position] == UInt8(ascii: "\r")
        return isReturn && position + 1 < bytes.count && bytes[position + 1] == Self.lineEnd ? 2 : 0
    }

    /// A cell; `position` is left at the comma or the line feed behind it, or at the end.
    private mutating func nextCell() throws(DataError) -> [UInt8] {
        if position < bytes.count, bytes[position] == Self.quote { return try quotedCell() }
        let start = position
        while position < bytes.count, bytes[position] != Self.comma, bytes[position] != Self.lineEnd
        {
            if bytes[position] == Self.quote {
                throw error(
                    "a quote inside a cell without quotes around it; double it within quotes")
            }
            position += 1
        }
        var cell = bytes[start..<position]
        let isAtLineEnd = position == bytes.count || bytes[position] == Self.lineEnd
        if isAtLineEnd, cell.last == UInt8(ascii: "\r") { cell.removeLast() }
        return Array(cell)
    }

    private mutating func quotedCell() throws(DataError) -> [UInt8] {
        let firstLine = line
        var cell: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == Self.quote {
                guard position < bytes.count, bytes[position] == Self.quote else {
                    return try afterQuote(cell)
                }
                position += 1
            } else if byte == Self.lineEnd {
                line += 1
            }
            cell.append(byte)
        }
        throw DataError(file: file, line: firstLine, message: "a quote is opened and never closed")
    }

    private mutating func afterQuote(_ cell: [UInt8]) throws(DataError) -> [UInt8] {
        if lineEndLength(at: position) == 2 { position += 1 }
        guard
            position == bytes.count || bytes[position] == Self.comma
                || bytes[position] == Self.lineEnd
        else { throw error("text after the closing quote of a cell") }
        return cell
    }

    private func error(_ message: String) -> DataError {
        DataError(file: file, line: line, message: message)
    }
}
