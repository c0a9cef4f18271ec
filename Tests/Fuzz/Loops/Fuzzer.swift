import FuzzSupport
import FuzzedLane

private let lane = made { try FuzzedLane(.loops) }

/// What libFuzzer calls with each input: a byte that says into how many answers the others are cut,
/// and whether the connection ends after the last.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let first = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    let parts = 1 + Int(first >> 2) % 3
    let length = (bytes.count + parts - 1) / parts
    let answers = (0..<parts).map { part in
        Array(bytes.dropFirst(part * length).prefix(length))
    }
    lane.run(answers, isLastAnswerFinal: first & 3 != 0)
    return 0
}
