/// A test of a mean share that may be looked at after every block of time and stopped for any
/// reason, whatever requests within a block do to each other.
///
/// Capital is bet on blocks whose share lies above the limit. If the share of a block, given all
/// before it, is at most the limit on average, capital never grows to 1/alpha but with probability
/// alpha.
///
/// - Source: Waudby-Smith & Ramdas 2024, betting on bounded means; Ville 1939.
public struct BlockBet: Sendable, Equatable {
    /// Parts of the largest bet, over which the capital is spread.
    private static let bets = [0.1, 0.25, 0.5, 0.75, 0.95]
    /// The largest bet loses this part of the capital on a block without any that counts.
    private static let stake = 0.2

    /// The share that is claimed not to be exceeded, above 0 and below 1.
    public let limit: Double
    /// The logarithm of the capital of each bet.
    private var logarithms: [Double]

    /// Capital of 1 against the claim that the share is at most `limit`.
    public init(limit: Double) {
        precondition(limit > 0 && limit < 1, "\(limit)")
        self.limit = limit
        logarithms = [Double](repeating: 0, count: Self.bets.count)
    }

    /// Bets on a block, whose share of requests that count is 0 to 1.
    public mutating func add(share: Double) {
        precondition((0...1).contains(share), "\(share)")
        for (index, bet) in Self.bets.enumerated() {
            logarithms[index] += Double.logOnePlus(
                Self.stake * bet / limit * (share - limit))
        }
    }

    /// The logarithm of the capital: the evidence that the share is above the limit.
    public var evidence: Double {
        let most = logarithms.max() ?? 0
        let sum = logarithms.reduce(0) { $0 + Double.exp($1 - most) }
        return most + Double.log(sum / Double(Self.bets.count))
    }

    /// Whether the capital disproves the claim at a one-sided confidence.
    public func disproves(confidence: Double) -> Bool {
        evidence >= -Double.log(1 - confidence)
    }
}
