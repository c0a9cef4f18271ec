/// A part of the evidence that is not there.
public enum EvidenceLoss: Sendable, Equatable, CustomStringConvertible {
    /// The last line of this file was cut off, as on a disk that was full.
    case cutLine(file: String)
    /// There is no last seal, and what came after this time is left out; in seconds from the start
    /// of the load.
    case unsealed(afterSeconds: Double)
    /// The run did not come to its end.
    case end

    /// What is lost, in words.
    public var description: String {
        switch self {
        case .cutLine(let file): "the last line of \(file) was cut off and is left out"
        case .unsealed(let seconds):
            "\(EvidenceSeal.file) has no last line, and what came after "
                + "\(RunEvidence.text(seconds)) s is left out"
        case .end: "the run did not come to its end; up to a second of it is missing"
        }
    }

    /// Whether a line was cut off.
    public var isCutLine: Bool { if case .cutLine = self { true } else { false } }
}
