import FuzzSupport
import JSON

@testable import Contracts

/// What libFuzzer calls with each input: an OpenAPI document, and behind a NUL the body of an
/// answer, which is held against every operation.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let body = parts.count > 1 ? Array(parts[1]) : []
    let value = try? JSONValue(parsing: body)
    if let value { checkValue(value) }
    guard
        let contract = try? Contract(
            openAPI: String(decoding: parts[0], as: UTF8.self), file: "api.yaml")
    else { return 0 }
    for operation in contract.operations.values {
        // What the document itself gives for an example must be read as it was written.
        if let example = operation.exampleBody { checkValue(example) }
        let bodies = [body, operation.exampleBody.map { Array($0.text.utf8) } ?? []]
        for status in [200] + operation.documentedStatuses {
            for body in bodies { hold(body, against: operation, status: status) }
        }
        for parameter in operation.parameters {
            _ = value.map { parameter.schema.problem(with: $0, at: parameter.name) }
        }
        _ = value.map { operation.bodySchema?.problem(with: $0) }
    }
    return 0
}

/// The same answer comes to the same verdict, with or without the value that was parsed of it.
private func hold(_ body: [UInt8], against operation: Operation, status: Int) {
    for type in ["application/json", "text/plain"] {
        let one = operation.check(
            status: status, contentType: type, body: body, expectedStatus: status)
        let other = operation.check(
            status: status, contentType: "\(type); charset=utf-8", body: body,
            expectedStatus: status)
        let isAlike =
            switch (one, other) {
            case (.right, .right), (.wrongStatus, .wrongStatus), (.wrongContent, .wrongContent):
                true
            default: false
            }
        check(isAlike, "\(one) and \(other)")
    }
    _ = operation.checkHeaders(status: status) { _ in String(decoding: body, as: UTF8.self) }
}

/// A value is equal to itself when it is written and read, and no number is below itself.
private func checkValue(_ value: JSONValue) {
    for text in [value.text, value.prettyText] {
        guard let again = try? JSONValue(parsing: text.utf8) else {
            return check(false, "not read back: \(text)")
        }
        check(again == value, "read back as another: \(text)")
    }
    if value.numeral != nil { check(value.isBelow(value) == false, "below itself: \(value.text)") }
}
