/// How much memory one loop may use for what targets send: bodies, decoders, header fields, cookies
/// and saved values.
///
/// What takes memory reserves it first, and releases it when it is free again. Confined to its
/// loop, so that no lock is needed: each loop has its share of the profile's `limits.memory`. A
/// buffer that is used again stays reserved, so that most answers change nothing.
public final class MemoryBudget {
    /// The most that may be reserved, in bytes.
    public let limitBytes: Int
    /// What is reserved at present, in bytes; from 0 to `limitBytes`.
    public private(set) var usedBytes = 0

    /// A budget of so many bytes, at least 1; of all that there are, if it is not said.
    public init(limitBytes: Int = .max) {
        precondition(limitBytes > 0, "a budget of \(limitBytes) bytes")
        self.limitBytes = limitBytes
    }

    /// Whether more than half is in use, so that nothing should be kept for later.
    public var isScarce: Bool { usedBytes > limitBytes / 2 }

    /// Takes so many bytes, 0 or more; false if there are not as many left.
    public func reserve(_ count: Int) -> Bool {
        precondition(count >= 0, "\(count) bytes")
        guard count <= limitBytes - usedBytes else { return false }
        usedBytes += count
        return true
    }

    /// Gives back what was reserved.
    public func release(_ count: Int) {
        precondition(count >= 0 && count <= usedBytes, "\(count) of \(usedBytes) bytes released")
        usedBytes -= count
    }

    /// Makes room in a buffer for `added` more bytes; false if there is no memory left for them.
    ///
    /// - Parameters:
    ///   - reserved: what the buffer has of the budget; its memory beyond that stays untouched.
    ///   - hint: the size that it is likely to come to, in bytes; 0 if that is not known.
    /// - Complexity: O(n) where it moves, which is seldom, since it at least doubles then.
    public func grow(
        _ buffer: inout [UInt8], by added: Int, reserved: inout Int, hint: Int = 0
    ) -> Bool {
        let needed = buffer.count + added
        if needed <= reserved { return true }
        let wanted = max(needed, hint > 0 ? hint : 2 * reserved, Self.minimumBytes)
        if needed <= buffer.capacity {
            let size = min(wanted, buffer.capacity)
            guard reserve(size - reserved) else { return false }
            reserved = size
            return true
        }
        // Old and new memory are both there while the bytes are moved; where that is too much, the
        // buffer grows by a quarter, so that it still moves seldom.
        var size = wanted
        if !reserve(size) {
            size = needed + needed / 4
            guard hint < size, reserve(size) else { return false }
        }
        buffer.reserveCapacity(size)
        release(reserved)
        reserved = size
        return true
    }

    /// Smaller buffers are not worth counting twice.
    private static let minimumBytes = 256
}
