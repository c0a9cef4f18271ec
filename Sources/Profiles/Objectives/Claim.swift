/// A measured quantity with its bound: what an objective says of the target.
///
/// A claim is one file: what it is made of, how it is written (`WrittenClaim`), and what follows
/// from it. It stands in `Claims.all`, and in Verdicts a file says how it is judged.
public protocol Claim: Sendable, Equatable, CustomStringConvertible {
    /// The latency that it counts requests against, in nanoseconds; `nil` if it has none.
    var thresholdNanoseconds: UInt64? { get }

    /// The share of requests that may count against it; `nil` if it is not about a share.
    var allowedShare: Double? { get }

    /// The quantile of latency that it is about, in parts per million; `nil` if it is about none.
    var partsPerMillion: Int? { get }

    /// Whether its share is that of requests that are right, rather than of those that count
    /// against it.
    var isShareOfRight: Bool { get }

    /// Whether it is about the data of checked scenarios.
    var isOfCheck: Bool { get }

    /// Why the clauses of an objective do not go with its claim; `nil` if they do.
    func contradiction(in objective: Objective) -> String?
}

extension Claim {
    /// Most claims have none.
    public var thresholdNanoseconds: UInt64? { nil }
    /// Some claims are about none.
    public var allowedShare: Double? { nil }
    /// Most claims are about none.
    public var partsPerMillion: Int? { nil }
    /// Most shares are of what counts against the target.
    public var isShareOfRight: Bool { false }

    /// Most claims are about requests.
    public var isOfCheck: Bool { false }

    func isEqual(to other: any Claim) -> Bool { (other as? Self) == self }
}
