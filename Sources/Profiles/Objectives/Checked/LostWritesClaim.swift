/// `lost writes = 0`: every write that the target has acknowledged is still there.
public struct LostWritesClaim: Claim {
    /// It is.
    public var isOfCheck: Bool { true }

    /// A run is checked as a whole.
    public func contradiction(in objective: Objective) -> String? {
        Self.contradiction(ofCheck: objective)
    }
}

extension LostWritesClaim: WrittenClaim {
    static let name = "lost writes"
    static let example = "lost writes = 0"
    static let comparison = "="
    static let boundForm = "0"

    /// The claim as people write it.
    public var description: String { Self.example }

    static func read(argument: String, bound: String) -> Self? { bound == "0" ? Self() : nil }
}
