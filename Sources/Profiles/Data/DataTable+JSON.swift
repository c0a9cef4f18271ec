import JSON

extension DataTable {
    /// Reads a list of objects with the same members; a text is taken as it is, anything else as
    /// JSON.
    ///
    /// - Throws: `DataError` with the line.
    convenience init(json bytes: [UInt8], file: String) throws(DataError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw DataError(file: file, line: error.line, message: error.message)
        }
        guard let elements = value.array, let first = elements.first else {
            throw DataError(
                file: file, line: 1, message: "expected a list of at least one object")
        }
        guard let names = first.object?.map(\.name), !names.isEmpty else {
            throw DataError(
                file: file, line: Self.line(ofElement: 0, in: bytes),
                message: "the first element is no object with members")
        }
        let places = Dictionary(
            names.enumerated().map { (ExactText($1), $0) }, uniquingKeysWith: { first, _ in first })
        var builder = Builder(columns: names)
        for (index, element) in elements.enumerated() {
            func problem(_ message: String) -> DataError {
                DataError(
                    file: file, line: Self.line(ofElement: index, in: bytes),
                    message: "element \(index + 1) \(message)")
            }
            guard let members = element.object else { throw problem("is no object") }
            var cells = [[UInt8]?](repeating: nil, count: names.count)
            for member in members {
                guard let place = places[ExactText(member.name)] else {
                    throw problem("has \"\(member.name)\", which the first has not")
                }
                cells[place] = Array((member.value.string ?? member.value.text).utf8)
            }
            if let place = cells.firstIndex(of: nil) {
                throw problem("has no \"\(names[place])\", which the first has")
            }
            builder.append(cells.compactMap { $0 })
        }
        self.init(builder)
    }

    /// The largest file that is read; its rows are held in memory.
    private static let maximumFileBytes = 256 << 20

    /// Reads a file by its ending: `.csv` or `.json`.
    ///
    /// - Throws: `DataError` with file and line.
    public convenience init(file: String) throws(DataError) {
        let maximumBytes = Self.maximumFileBytes
        guard file.hasSuffix(".csv") || file.hasSuffix(".json") else {
            throw DataError(
                file: file, line: 0, message: "a data file's name ends in .csv or .json")
        }
        guard let bytes = BoundedFile.read(file, maximumBytes: maximumBytes + 1) else {
            throw DataError(file: file, line: 0, message: "the file cannot be read")
        }
        guard bytes.count <= maximumBytes else {
            throw DataError(
                file: file, line: 0,
                message: "the file is larger than \(maximumBytes >> 20) MiB; split it")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw DataError(file: file, line: 0, message: "the file is not UTF-8")
        }
        if file.hasSuffix(".csv") {
            try self.init(csv: bytes, file: file)
        } else {
            try self.init(json: bytes, file: file)
        }
    }

    /// The line where an element of the outermost list begins; the text is valid JSON.
    private static func line(ofElement wanted: Int, in bytes: [UInt8]) -> Int {
        var (line, depth, index) = (1, 0, 0)
        var (isInString, isEscaped, isBefore) = (false, false, true)
        for byte in bytes {
            if byte == UInt8(ascii: "\n") { line += 1 }
            if isInString {
                if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            if [0x20, 0x09, 0x0A, 0x0D].contains(byte) { continue }
            if depth == 1, byte == UInt8(ascii: ",") {
                index += 1
                isBefore = true
                continue
            }
            if depth == 1, isBefore, index == wanted { return line }
            if depth == 1 { isBefore = false }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return line
    }
}
