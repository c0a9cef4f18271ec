import FuzzSupport
import FuzzedLane

private let lane = made { try FuzzedLane(.http2) }

/// What libFuzzer calls with each input: a byte that says whether the connection ends with the
/// frames that the others stand for.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let first = input.first else { return 0 }
    lane.run([Frame.frames(of: Array(input)[1...])], isLastAnswerFinal: first & 3 != 0)
    return 0
}
