import FuzzSupport

/// What libFuzzer calls with each input: its first byte chooses what is done with the others.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let first = input.first else { return 0 }
    let choices = Choice(rawValue: first)
    // A copy, so that a read past its end is seen by the address sanitizer.
    let bytes = Array(input.dropFirst())
    var pieces = Pieces(seed: UInt32(first) &* 2_654_435_761 &+ UInt32(count))
    if choices.contains(.isMade) {
        readMade(MadeAnswer(from: bytes, isHead: choices.contains(.isHead)), choices, &pieces)
    } else if choices.isSuperset(of: .isEndless), count % 8 == 0 {
        // Few of them, since each takes as long as a thousand others.
        readEndless(bytes, choices)
    } else {
        readAny(bytes, choices, &pieces)
    }
    return 0
}

/// The bits of an input's first byte.
struct Choice: OptionSet {
    let rawValue: UInt8
    /// The request was HEAD.
    static let isHead = Choice(rawValue: 1)
    /// The stream ends after the bytes.
    static let endsStream = Choice(rawValue: 2)
    /// The bytes are choices for a right answer.
    static let isMade = Choice(rawValue: 4)
    /// Bodies in content codings are unpacked.
    static let unpacks = Choice(rawValue: 8)
    /// The second half of the bytes comes again and again.
    static let isEndless = Choice(rawValue: 0xF8)
}

/// Any bytes, whole and in pieces, must come to the same.
private func readAny(_ bytes: [UInt8], _ choices: Choice, _ pieces: inout Pieces) {
    let whole = Reading(of: bytes, choices) { $0 }
    let parts = Reading(of: bytes, choices) { pieces.next(of: $0) }
    let difference = whole.difference(from: parts)
    check(difference == nil, "another \(difference ?? "") in pieces:\n\(whole)\n\(parts)")
}

/// A right answer must read as it was made.
private func readMade(_ made: MadeAnswer, _ choices: Choice, _ pieces: inout Pieces) {
    let choices = made.isUntilClose ? choices.union(.endsStream) : choices
    let reading = Reading(of: made.bytes, choices) { pieces.next(of: $0) }
    check(
        reading.isRight(made),
        "made \(made.status) \(made.contentType), read as \(reading):\n"
            + String(decoding: made.bytes, as: UTF8.self))
}

/// A stream without an end ends in an error, a whole answer, or nothing that is kept of it.
private func readEndless(_ bytes: [UInt8], _ choices: Choice) {
    let again = bytes[(bytes.count / 2)...]
    var stream = bytes
    stream.reserveCapacity(80 << 10)
    while stream.count < 72 << 10 { stream += again }
    _ = Reading(of: stream, choices) { min($0, 16 << 10) }
}

/// How long the pieces are: mostly of a few bytes, now and then longer.
struct Pieces {
    private var state: UInt32

    init(seed: UInt32) { state = seed | 1 }

    /// The length of the next piece of so many bytes; at least 1.
    mutating func next(of left: Int) -> Int {
        state ^= state << 13
        state ^= state >> 17
        state ^= state << 5
        return min(left, 1 + Int(state % (state & 0x700 == 0 ? 200 : 5)))
    }
}
