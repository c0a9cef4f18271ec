/// What evidence says of a claim.
public enum Verdict: Sendable, Equatable {
    /// Proven.
    case pass
    /// Its opposite is proven.
    case fail
    /// Neither is.
    case inconclusive
    /// Nothing that could support a claim was measured.
    case invalid
}

/// Which way a claim about a mean or a rate goes.
public enum Bound: Sendable, Equatable {
    /// It is to be this or more.
    case atLeast
    /// It is to be this or less.
    case atMost
}
