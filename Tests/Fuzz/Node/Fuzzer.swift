import Contracts
import JSON

@testable import MoonbaseNode

/// The routes of the contract; made once.
private let router: Router = {
    do { return Router(try Contract(builtIn: "moonbase-v0")) } catch {
        // Without its contract there is nothing to fuzz.
        preconditionFailure("\(error)")
    }
}()

/// What libFuzzer calls with each input: the bytes of a connection, whole and in pieces.
///
/// Both must come to the same requests, each of which is routed and decoded.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let first = input.first else { return 0 }
    // A copy, so that a read past its end is seen by the address sanitizer.
    let bytes = Array(input.dropFirst())
    let whole = read(bytes, step: bytes.count)
    let parts = read(bytes, step: 1 + Int(first % 16))
    precondition(whole == parts, "in pieces another result:\n\(whole)\n\(parts)")
    return 0
}

/// What each request of a connection came to, in words, up to the one that ends it.
private func read(_ bytes: [UInt8], step: Int) -> [String] {
    let parser = RequestParser()
    var results: [String] = []
    var pending: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty || !pending.isEmpty {
        pending += rest.prefix(max(1, step))
        rest = rest.dropFirst(max(1, step))
        var isStuck = false
        while !pending.isEmpty, !isStuck {
            // Memory of its own for each call, so that nothing may refer to an earlier one.
            let (progress, consumed) = Array(pending).withUnsafeBytes { parser.feed($0) }
            precondition(consumed <= pending.count, "more consumed than there was")
            pending.removeFirst(consumed)
            switch progress {
            case .complete: results.append(decode(parser.request))
            case .refused(let refusal):
                precondition((400..<500).contains(refusal.status), "\(refusal)")
                return results + ["refused"]
            case .incomplete: isStuck = consumed == 0
            }
        }
        if rest.isEmpty, isStuck { break }
    }
    return results
}

/// Routes a request and checks it against the contract.
private func decode(_ request: Request) -> String {
    switch router.match(request.method, request.path) {
    case .unknown: return "404"
    case .otherMethods: return "405"
    case .operation(let route, let segments):
        do throws(Refusal) {
            let call = try Call(route, segments, request)
            if let path = call.text("path") { _ = try FilePath.normal(path) }
            if let data = call.argument("data") { _ = ContentID.text(of: data) }
            if let text = request.injection { _ = try Injection(header: text) }
            return "\(call.operation) \(call.path) \(call.body.text)"
        } catch {
            precondition((400..<500).contains(error.status), "\(error)")
            return "\(error.status)"
        }
    }
}
