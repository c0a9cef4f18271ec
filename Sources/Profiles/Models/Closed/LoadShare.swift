/// Which part of the load one of several generator threads has.
public struct LoadShare: Sendable {
    /// From 0.
    public var index: Int
    /// How many threads there are.
    public var count: Int

    /// A share from its parts.
    public init(index: Int, count: Int) {
        precondition(index >= 0 && index < count, "share \(index) of \(count)")
        self.index = index
        self.count = count
    }

    /// This share of a whole number, so that the shares add up.
    public func of(_ total: Int) -> Int { total / count + (index < total % count ? 1 : 0) }
}
