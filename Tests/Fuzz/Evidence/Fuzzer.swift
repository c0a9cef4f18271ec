import EvidenceTrial
import FoundationEssentials
import FuzzSupport
import Glibc
import Verdicts

/// Where the runs are, in memory where the system has a folder for that; removed at the end.
private let parent: String = {
    let root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    return "\(root)/loadgen-fuzz-\(getpid())"
}()

/// A run with seals, and one of an earlier version; made once.
private let trials = made {
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: parent) }
    return try [true, false].map { try EvidenceTrial(under: parent, isSealed: $0) }
}

/// What libFuzzer calls with each input: what is read, judged and reported after a file of a run
/// was damaged by it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Array(UnsafeRawBufferPointer(start: start, count: count))
    guard let first = input.first else { return 0 }
    let trial = trials[Int(first & 1)]
    do {
        let outcome = try trial.outcome(ofInput: input.dropFirst(), only: Int(first >> 1))
        guard case .judged(let verdict) = outcome, first & 1 == 0 else { return 0 }
        precondition(
            verdict.verdict == .invalid || verdict == trial.verdict,
            "damage was not seen: \(verdict)")
    } catch { preconditionFailure("\(error)") }
    return 0
}
