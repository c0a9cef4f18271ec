/// A kind of fault, and one fault of it from its strike to its proven end.
///
/// Each kind is one file, and one line of `FaultKinds.all`. Confined to the loop of its scene.
public protocol Fault: AnyObject, SendableMetatype {
    /// As a profile names it.
    static var name: String { get }

    /// Whether it works on this machine, and by which mechanism.
    static func availability() -> FaultAvailability

    /// A fault that is about to be made; it changes nothing yet.
    ///
    /// - Throws: `FaultError` if it cannot be made of this.
    init(_ scene: FaultScene) throws(FaultError)

    /// How it is made, and why that way.
    var mechanism: String { get }

    /// Looks at what is there before, where its probes need that; it changes nothing yet.
    func prepare() async throws(FaultError)

    /// Makes it: every change is in the journal, with its inverse, before it is made.
    ///
    /// - Throws: `FaultError`; what was changed until then is undone by the journal.
    func apply(_ journal: FaultJournal) async throws(FaultError)

    /// Whether it has struck.
    func probeEffect() async -> Proof

    /// Ends what this process itself does for it, before the journal undoes the rest.
    func release() async

    /// Whether everything is as before.
    func probeUndo() async -> Proof
}

extension Fault {
    /// Most probes need nothing from before.
    public func prepare() async throws(FaultError) {}

    /// Most faults are changes of the system, which the journal undoes.
    public func release() async {}
}

/// Whether a kind of fault works on this machine.
public enum FaultAvailability: Sendable, Equatable {
    /// It works, by this mechanism.
    case works(String)
    /// It does not, for this reason.
    case unavailable(String)
}
