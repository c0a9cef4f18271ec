import FuzzSupport
import FuzzedLane

private let lane = made { try FuzzedLane(.curl) }

/// What libFuzzer calls with each input: the answers of a peer, as `FuzzedLane` cuts them.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    lane.run(input: UnsafeRawBufferPointer(start: start, count: count))
    return 0
}
