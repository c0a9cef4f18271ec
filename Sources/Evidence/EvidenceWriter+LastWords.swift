import FoundationEssentials
import Glibc
public import Measurements

extension EvidenceWriter {
    /// Adds an event to the folder of a run whose own writer does not come to it; callable on any
    /// thread.
    ///
    /// Nothing is said of a failure: the run then has no end, which voids it, too.
    public static func addLast(_ event: RunEvent, inFolder path: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(event) else { return }
        let descriptor = open("\(path)/\(RunEvidence.eventsFile)", O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        let bytes = Array(line) + [UInt8(ascii: "\n")]
        _ = Glibc.write(descriptor, bytes, bytes.count)
        Glibc.close(descriptor)
    }
}
