import Contracts
import FuzzSupport
import JSON

@testable import MoonbaseNode

/// The routes of the contract; made once.
private let router = made { Router(try Contract(builtIn: "moonbase-v0")) }

/// What libFuzzer calls with each input: the bytes of a connection, whole and in pieces.
///
/// Both must come to the same requests, each of which is routed and decoded.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let first = input.first else { return 0 }
    // A copy, so that a read past its end is seen by the address sanitizer.
    let bytes = Array(input.dropFirst())
    let whole = Reading(of: bytes) { _ in bytes.count }
    // Short inputs in pieces of few bytes, long ones in about eight.
    let few = max(1 + Int(first % 16), bytes.count / 8)
    let parts = Reading(of: bytes) { $0 == 0 ? 1 + Int(first >> 4) : few }
    precondition(
        whole.isSame(as: parts), "in pieces another result:\n\(bytes)\n\(whole)\n\(parts)")
    for request in whole.requests { decode(request) }
    return 0
}

/// What the bytes of a connection come to, up to the request that ends it.
private struct Reading {
    private(set) var requests: [Request] = []
    private(set) var refusal: Refusal?

    /// - Parameter step: how many bytes come together, from an offset on.
    init(of bytes: [UInt8], step: (Int) -> Int) {
        let parser = RequestParser()
        var pending: [UInt8] = []
        var offset = 0
        while offset < bytes.count {
            let end = min(bytes.count, offset + max(1, step(offset)))
            pending += bytes[offset..<end]
            offset = end
            while !pending.isEmpty {
                // Memory of its own for each call, so that nothing may refer to an earlier one.
                let (progress, consumed) = Array(pending).withUnsafeBytes { parser.feed($0) }
                precondition(consumed <= pending.count, "more consumed than there was")
                pending.removeFirst(consumed)
                if case .refused(let reason) = progress {
                    precondition((400..<500).contains(reason.status), "\(reason)")
                    refusal = reason
                    return
                }
                if case .complete = progress {
                    requests.append(parser.request)
                } else if consumed == 0 {
                    break
                }
            }
        }
    }

    /// The same requests, and the same end; which of a head's mistakes is named may differ.
    func isSame(as other: Reading) -> Bool {
        (refusal == nil) == (other.refusal == nil) && requests.count == other.requests.count
            && zip(requests, other.requests).allSatisfy { one, other in
                one.method == other.method && one.path == other.path && one.query == other.query
                    && one.contentType == other.contentType && one.body == other.body
                    && one.injection == other.injection && one.keepsAlive == other.keepsAlive
                    && one.expectsContinue == other.expectsContinue
            }
    }
}

/// Routes a request, and checks it against the contract.
private func decode(_ request: Request) {
    guard case .operation(let route, let segments) = router.match(request.method, request.path)
    else { return }
    do throws(Refusal) {
        let call = try Call(route, segments, request)
        if route.operation.parameters.contains(where: { $0.name == "items" }) {
            precondition((1...1000).contains(call.items), "\(call.items) items")
        }
        if let path = call.text("path") {
            let normal = try FilePath.normal(path)
            let again = try FilePath.normal(normal)
            precondition(
                normal == again && !normal.contains("/../"), "\(path) became \(normal)")
        }
        if let data = call.argument("data") { _ = ContentID.text(of: data) }
        if let text = request.injection { _ = try Injection(header: text) }
        checkText(of: call.body)
    } catch { precondition((400..<500).contains(error.status), "\(error)") }
}

/// What is stored as text must be read back as the same.
private func checkText(of value: JSONValue) {
    guard let again = try? JSONValue(parsing: value.text.utf8, maximumDepth: 80) else {
        preconditionFailure("not read back: \(value.text)")
    }
    precondition(value == again, "read back as another: \(value.text)")
}
