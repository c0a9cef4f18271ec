import CBrotli
import CZlib
import CZstandard
import Exchanges
import Glibc

/// The memory of one decoder, which its library asks for.
///
/// It comes out of the budget of the answer's loop, and what is freed is kept, so that the next
/// answer of the same kind allocates nothing.
///
/// Confined to its loop. Whoever frees the last block must come before its end.
final class DecoderMemory {
    /// What stands before each block, at the alignment of `malloc`.
    private struct Header {
        var size: Int
        var padding = 0
    }

    /// What it has reserved, in use and free, in bytes.
    private(set) var reservedBytes = 0
    /// Whether the library was refused memory since `begin`.
    private(set) var isShort = false
    private let budget: MemoryBudget
    /// Blocks that are free, without their headers.
    private var free: [UnsafeMutableRawPointer] = []

    init(budget: MemoryBudget) { self.budget = budget }

    deinit {
        for block in free { Glibc.free(block - MemoryLayout<Header>.size) }
        budget.release(reservedBytes)
    }

    /// Whether it comes out of this budget.
    func isOf(_ budget: MemoryBudget) -> Bool { self.budget === budget }

    /// Whether the budget is.
    var isScarce: Bool { budget.isScarce }

    /// Forgets that there was too little.
    func begin() { isShort = false }

    /// What the library hands to the functions below.
    private var opaque: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    fileprivate func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
        // One that is a little larger will do.
        let fitting = free.firstIndex { block in
            let size = max(size, 64)
            return (size...2 * size).contains(Self.header(of: block).pointee.size)
        }
        if let fitting { return free.remove(at: fitting) }
        let total = size + MemoryLayout<Header>.size
        guard budget.reserve(total) else {
            isShort = true
            return nil
        }
        guard let start = malloc(total) else {
            budget.release(total)
            isShort = true
            return nil
        }
        reservedBytes += total
        start.bindMemory(to: Header.self, capacity: 1).pointee = Header(size: size)
        return start + MemoryLayout<Header>.size
    }

    fileprivate func release(_ block: UnsafeMutableRawPointer?) {
        if let block { free.append(block) }
    }

    private static func header(of block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Header> {
        (block - MemoryLayout<Header>.size).assumingMemoryBound(to: Header.self)
    }

    // MARK: As each library has it

    /// Makes a stream of zlib's take its memory here.
    func serve(_ stream: UnsafeMutablePointer<z_stream>) {
        stream.pointee.opaque = opaque
        stream.pointee.zalloc = { memory($0).allocate(Int($1) * Int($2)) }
        stream.pointee.zfree = { memory($0).release($1) }
    }

    /// A decoder of Brotli that takes its memory here; `nil` if there is too little.
    func makeBrotliDecoder() -> OpaquePointer? {
        BrotliDecoderCreateInstance(
            { memory($0).allocate($1) }, { memory($0).release($1) }, opaque)
    }

    /// A context of Zstandard that takes its memory here; `nil` if there is too little.
    func makeZstandardContext() -> OpaquePointer? {
        ZSTD_createDCtx_advanced(
            ZSTD_customMem(
                customAlloc: { memory($0).allocate($1) }, customFree: { memory($0).release($1) },
                opaque: opaque))
    }
}

/// The memory that a library's call belongs to.
private func memory(_ opaque: UnsafeMutableRawPointer?) -> DecoderMemory {
    // Each library hands back the pointer that it was given.
    Unmanaged<DecoderMemory>.fromOpaque(opaque.unsafelyUnwrapped).takeUnretainedValue()
}
