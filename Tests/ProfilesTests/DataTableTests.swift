import Testing

@testable import Profiles

@Suite struct DataTableTests {
    private func rows(_ table: DataTable) -> [[String]] {
        (0..<table.rowCount).map { row in
            table.columns.indices.map { column in
                String(decoding: table.cell(row: row, column: column), as: UTF8.self)
            }
        }
    }

    private func csv(_ text: String) throws -> DataTable {
        try DataTable(csv: Array(text.utf8), file: "f.csv")
    }

    private func json(_ text: String) throws -> DataTable {
        try DataTable(json: Array(text.utf8), file: "f.json")
    }

    @Test(arguments: [
        ("a,b\n1,2\n3,4\n", [["1", "2"], ["3", "4"]]),
        ("a,b\r\n1,2\r\n\r\n3,4", [["1", "2"], ["3", "4"]]),
        ("\u{FEFF}a,b\n,\n", [["", ""]]),
        ("a,b\n\"x,\"\"y\"\"\",\"two\nlines\"\n", [["x,\"y\"", "two\nlines"]]),
        ("a,b\n\"q\",\"\"\r\nü, z \n", [["q", ""], ["ü", " z "]]),
    ])
    func `comma-separated values are read as RFC 4180 has them`(
        text: String, wanted: [[String]]
    ) throws {
        let table = try csv(text)
        #expect(table.columns == ["a", "b"])
        #expect(rows(table) == wanted)
    }

    @Test(arguments: [
        ("", 1, "no line of column names"), ("a,b\n", 1, "no row"), ("a,,b\n1,2,3\n", 1, "no name"),
        ("a,a\n1,2\n", 1, "there twice"), ("a,b\n1,2\n3\n", 3, "1 cells"),
        ("a,b\n\"x\ny\",2\n1,2,3\n", 4, "3 cells"), ("a,b\n1,\"2\n\n", 2, "never closed"),
        ("a,b\n1,x\"y\"\n", 2, "a quote inside"), ("a,b\n1,2\n\"x\"y,2\n", 3, "after the closing"),
    ])
    func `a mistake in comma-separated values is told with its line`(
        text: String, line: Int, reason: String
    ) {
        #expect { try csv(text) } throws: { error in
            guard let error = error as? DataError else { return false }
            return error.line == line && error.message.contains(reason)
                && "\(error)".hasPrefix("f.csv:\(line): ")
        }
    }

    @Test func `a list of objects is read in the order of the first one's members`() throws {
        let table = try json(#"[{"a":"x","b":1.5},{"b":{"c":[true,null]},"a":""}]"#)
        #expect(table.columns == ["a", "b"])
        #expect(rows(table) == [["x", "1.5"], ["", #"{"c":[true,null]}"#]])
    }

    @Test(arguments: [
        ("[", 1, ""), ("{}", 1, "a list of at least one"), ("[]", 1, "a list of at least one"),
        ("[\n1]", 2, "no object"), ("[\n{\"a\":1},\n\n3]", 4, "element 2 is no object"),
        ("[{\"a\":\"},{\\\"\"},\n{\"b\":1}]", 2, "element 2 has \"b\""),
        ("[{\"a\":1,\"b\":2},\n{\"a\":[1,\n2]}]", 2, "element 2 has no \"b\""),
    ])
    func `a mistake in a list of objects is told with its line`(
        text: String, line: Int, reason: String
    ) {
        #expect { try json(text) } throws: { error in
            guard let error = error as? DataError else { return false }
            return error.line == line && error.message.contains(reason)
        }
    }
}
