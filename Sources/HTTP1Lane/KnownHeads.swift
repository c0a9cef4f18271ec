import Glibc

/// The heads of answers that the parser has read before: an answer whose head is the same to the
/// byte is the same answer but for its body, and need not be parsed again.
///
/// Only heads that give the length of the body and keep the connection are kept, so that the end of
/// the answer is known. One lane's, confined to its loop; at most eight heads.
final class KnownHeads {
    /// What a head says.
    struct Head {
        fileprivate(set) var bytes: [UInt8] = []
        fileprivate(set) var bodyCount = 0
        fileprivate(set) var status = 0
        fileprivate(set) var contentType = ""
    }

    /// Answers of different lengths lie in different places, as those of different operations do.
    let heads = UnsafeMutableBufferPointer<Head>.allocate(capacity: 8)
    private static let maximumBytes = 4096

    init() { heads.initialize(repeating: Head()) }

    deinit {
        heads.deinitialize()
        heads.deallocate()
    }

    /// The place of the head of a whole answer; `nil` if it is not known.
    @inline(__always)
    func place(of answer: UnsafeRawBufferPointer) -> Int? {
        let place = answer.count & 7
        let count = heads[place].bytes.count
        guard count > 0, count + heads[place].bodyCount == answer.count,
            let start = answer.baseAddress
        else { return nil }
        let isSame = heads[place].bytes.withUnsafeBytes {
            memcmp($0.baseAddress.unsafelyUnwrapped, start, count) == 0
        }
        return isSame ? place : nil
    }

    /// Keeps the head of a whole answer that has been parsed.
    func keep(
        _ answer: UnsafeRawBufferPointer, bodyCount: Int, status: Int, contentType: String
    ) {
        let count = answer.count - bodyCount
        guard count > 0, count <= Self.maximumBytes else { return }
        let place = answer.count & 7
        heads[place].bytes.removeAll(keepingCapacity: true)
        heads[place].bytes.append(contentsOf: answer[..<count])
        heads[place].bodyCount = bodyCount
        heads[place].status = status
        heads[place].contentType = contentType
    }
}
