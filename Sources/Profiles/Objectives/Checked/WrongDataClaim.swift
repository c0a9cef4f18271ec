/// `wrong data = 0`: nothing that checked requests wrote is lost, stale, resurrected,
/// duplicated, invented, out of order, or done although it was refused.
public struct WrongDataClaim: Claim {
    /// It is.
    public var isOfCheck: Bool { true }

    /// A run is checked as a whole.
    public func contradiction(in objective: Objective) -> String? {
        Self.contradiction(ofCheck: objective)
    }
}

extension WrongDataClaim: WrittenClaim {
    static let name = "wrong data"
    static let example = "wrong data = 0"
    static let comparison = "="
    static let boundForm = "0"

    /// The claim as people write it.
    public var description: String { Self.example }

    static func read(argument: String, bound: String) -> Self? { bound == "0" ? Self() : nil }
}
