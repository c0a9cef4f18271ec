import EvidenceTrial
import SampleEvidence
import Testing
import Verdicts

@Suite struct EvidenceTrialTests {
    /// The lines of a file, each with its end.
    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(rest[...end])
            rest = rest[(end + 1)...]
        }
        return rest.isEmpty ? lines : lines + [rest]
    }

    /// One digit or letter of a line made another.
    private func changed(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var line = Array(line)
        let index = line.lastIndex { (UInt8(ascii: "0")...UInt8(ascii: "8")).contains($0) }
        if let index {
            line[index] += 1
        } else if let first = line.firstIndex(where: { $0 >= UInt8(ascii: "a") }) {
            line[first] ^= 1
        } else {
            line.insert(UInt8(ascii: " "), at: 0)
        }
        return line
    }

    @Test func `the sample is a run that failed for its outage`() throws {
        try TemporaryFolder.with { parent in
            for isSealed in [true, false] {
                let trial = try EvidenceTrial(under: "\(parent)", isSealed: isSealed)
                #expect(trial.verdict.verdict == .fail, "\(trial.verdict)")
                #expect(trial.verdict.findings.isEmpty, "\(trial.verdict.findings)")
                let missing = EvidenceTrial.files.filter { trial.whole[$0] == nil }
                #expect(missing == (isSealed ? [] : ["seals.ndjson"]))
            }
        }
    }

    @Test(arguments: EvidenceTrial.files)
    func `a line that is lost, changed or repeated is named, or changes nothing`(
        file: String
    ) throws {
        try TemporaryFolder.with { parent in
            let trial = try EvidenceTrial(under: parent, isSealed: true)
            let lines = lines(try #require(trial.whole[file]))
            // The first and the last of them, and some between: Scripts/damage tries all.
            for index in Set((0...10).map { $0 * (lines.count - 1) / 10 }).sorted() {
                var lost = lines
                lost.remove(at: index)
                var repeated = lines
                repeated.insert(lines[index], at: index)
                var other = lines
                other[index] = changed(lines[index])[...]
                for damaged in [lost, repeated, other] {
                    let outcome = try trial.outcome(
                        of: Array(damaged.joined()), as: file, only: index)
                    switch outcome {
                    case .unreadable(let error): #expect(error.contains(file), "\(error)")
                    case .judged(let verdict) where verdict == trial.verdict: break
                    case .judged(let verdict):
                        #expect(verdict.verdict == .invalid, "\(file):\(index + 1): \(verdict)")
                        #expect(
                            verdict.findings.contains { $0.sentence.contains(file) },
                            "\(file):\(index + 1): \(verdict.findings)")
                    }
                }
            }
        }
    }

    @Test(arguments: EvidenceTrial.files)
    func `a file that is gone is named, or changes nothing`(file: String) throws {
        try TemporaryFolder.with { parent in
            let trial = try EvidenceTrial(under: parent, isSealed: true)
            switch try trial.outcome(without: file) {
            case .unreadable(let error): #expect(error.contains(file), "\(error)")
            case .judged(let verdict) where verdict == trial.verdict: break
            case .judged(let verdict):
                #expect(verdict.verdict == .invalid)
                #expect(verdict.findings[0].sentence.contains(file), "\(verdict.findings)")
            }
        }
    }

    /// A crash ends the process of the tests, and the seed before it names the mutant.
    @Test(arguments: EvidenceTrial.files, [true, false])
    func `no damage crashes what reads evidence, or makes a PASS of sealed evidence`(
        file: String, isSealed: Bool
    ) throws {
        try TemporaryFolder.with { parent in
            let trial = try EvidenceTrial(under: parent, isSealed: isSealed)
            guard let whole = trial.whole[file] else { return }
            for seed in 0..<20 as Range<UInt64> {
                var mutator = EvidenceMutator(seed: seed)
                let outcome = try trial.outcome(
                    of: mutator.damaged(whole), as: file, only: Int(seed))
                guard isSealed, case .judged(let verdict) = outcome else { continue }
                #expect(verdict.verdict != .pass, "\(file), seed \(seed): \(verdict)")
                if verdict.verdict != .invalid { #expect(verdict == trial.verdict) }
            }
        }
    }
}
