/// Unpacks bodies of one coding, one after another; confined to its loop.
protocol ContentDecoder: AnyObject {
    /// Its memory.
    var memory: DecoderMemory { get }

    /// Gets ready for a body; false where there is too little memory.
    func begin() -> Bool

    /// Unpacks from the beginning of `input`, which it shortens by what it has read, and gives how
    /// many bytes came of it; where they fill the room, there may be more.
    ///
    /// Reads something, or unpacks something, unless the input is empty.
    ///
    /// - Throws: `DecodingError` where the input is not of the coding.
    func unpack(
        _ input: inout UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) throws(DecodingError) -> Int

    /// Whether the body may end here.
    var isAtEnd: Bool { get }
}

/// What is wrong with a packed body.
enum DecodingError: Error {
    /// It is not of its coding, in the library's words.
    case damaged(String)
    /// It goes on behind its end.
    case continued
}

extension UnsafeRawBufferPointer {
    /// Leaves out what a decoder has read.
    mutating func drop(_ count: Int) { self = UnsafeRawBufferPointer(rebasing: dropFirst(count)) }
}
