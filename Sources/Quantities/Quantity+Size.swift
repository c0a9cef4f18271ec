extension Quantity {
    /// What a size looks like, for messages.
    public static let sizeForm = "a size as in 512MiB or 2GB"
    /// The largest size, in bytes: a quadrillion.
    public static let maximumBytes = 1e15

    /// Units of memory, the largest first; the last one is B, which ends all of them.
    public static let sizes: [(name: String, bytes: Double)] = [
        ("TiB", 1_099_511_627_776), ("TB", 1e12), ("GiB", 1_073_741_824), ("GB", 1e9),
        ("MiB", 1_048_576), ("MB", 1e6), ("KiB", 1024), ("kB", 1000), ("B", 1),
    ]

    /// A size in whole bytes, from 0 to `maximumBytes`.
    public static func bytes(_ text: String) -> Int? {
        fractionalBytes(text).map { $0.rounded() }.flatMap { $0 <= maximumBytes ? Int($0) : nil }
    }

    /// A size in bytes with their fraction, 0 or above.
    public static func fractionalBytes(_ text: some StringProtocol) -> Double? {
        let text = String(text.filter { $0 != " " })
        guard let unit = sizes.first(where: { text.hasSuffix($0.name) }),
            let number = Self.number(text.dropLast(unit.name.count))
        else { return nil }
        return number * unit.bytes
    }

    /// A size in the largest binary unit that it is a whole number of.
    public static func text(bytes: Int) -> String {
        let unit = sizes.first { $0.name.hasSuffix("iB") && bytes % Int($0.bytes) == 0 }
        return unit.map { "\(bytes / Int($0.bytes))\($0.name)" } ?? "\(bytes)B"
    }
}
