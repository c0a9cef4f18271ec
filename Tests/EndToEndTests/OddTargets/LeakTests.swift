import Collector
import Evidence
import Foundation
import Measurements
import Testing

extension EndToEndTests {
    /// Programs under the probe, as a person starts them.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct LeakTests {
        private static let profile = """
            target: { command: moonbase --port 0 --inject FOLDER/plan.yaml, probe: stacks }
            load:
              - warm up: { rate: 500/s, rounds: { load: 300ms, idle: 200ms }, for: 1s }
              - soak: { rate: 500/s, rounds: { load: 300ms, idle: 200ms }, for: 16s }
            scenarios: [{ health: { steps: [ping] } }]
            limits: { "lag p(99)": 1m }
            objectives: [leak < 16 B/request]
            """

        @Test func `a leak of 4,096 bytes a request is named by its function`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try "faults: [{ leak: { on: ping, bytes: 4096 } }]\n".write(
                toFile: "\(folder)/plan.yaml", atomically: true, encoding: .utf8)
            try Self.profile.replacing("FOLDER", with: folder).write(
                toFile: "\(folder)/leaky.yaml", atomically: true, encoding: .utf8)
            let run = try Program.loadgen(
                "run", "\(folder)/leaky.yaml", "--out", "\(folder)/runs", "--no-calibrate")
            #expect(run.code == 2, "\(run.output)\(run.errors)")
            #expect(run.output.contains("target: live bytes (probe)"), "\(run.output)")
            let evidence = try RunEvidence(reading: try Program.onlyRun(in: "\(folder)/runs"))
            let heap = try #require(evidence.heap)
            let first = try #require(heap.stacks.first)
            #expect(first.function.hasSuffix("Injector.leakOnPurpose"), "\(first)")
            #expect(first.share > 0.9, "\(first)")
            // Some 320 samples stand for all objects: six standard errors are a third.
            let perRequest = first.bytes / Double(heap.requests)
            #expect((2730...5460).contains(perRequest), "\(perRequest)")
            // What profiling itself takes is not counted; it would double this.
            let troughs = evidence.troughs.suffix(20)
            let (start, end) = (try #require(troughs.first), try #require(troughs.last))
            let grown =
                Double(end.target?.allocatedBytes ?? 0) - Double(start.target?.allocatedBytes ?? 0)
            let slope = grown / Double(end.requests - start.requests)
            #expect((2400...6000).contains(slope), "\(slope)")
            for command in ["judge", "report"] {
                let text = try Program.loadgen(command, evidence.folder).output
                #expect(text.contains("Injector.leakOnPurpose "), "\(text)")
            }
        }

        @Test func `every process that a program forks has a page, whoever it runs as`() throws {
            let code = """
                import os, time, sys
                pids = [os.getpid()]
                for number in range(2):
                    child = os.fork()
                    if child == 0:
                        if os.geteuid() == 0: os.setuid(65534)
                        os.closerange(3, 100)
                        data = [bytes(1000000) for _ in range(number + 1)]
                        time.sleep(300), os._exit(0)
                    pids.append(child)
                print(*pids, flush=True)
                sys.stdin.read()
                for child in pids[1:]: os.kill(child, 9), os.waitpid(child, 0)
                """
            let process = Process()
            process.executableURL = URL(filePath: "\(Program.folder ?? "")/loadgen")
            process.arguments = ["exec", "--", "/usr/bin/python3", "-c", code]
            let (input, output) = (Pipe(), Pipe())
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            var line = ""
            while !line.hasSuffix("\n") {
                let data = output.fileHandleForReading.availableData
                guard !data.isEmpty else { break }
                line += String(decoding: data, as: UTF8.self)
            }
            let processes = line.split { $0.isWhitespace }.compactMap { Int32($0) }
            #expect(processes.count == 3, "\(line)")
            #expect(processes.first == process.processIdentifier)
            var pages: [ProbePage] = []
            // A child makes its page at its very start, which may be after the parent's words.
            for _ in 0..<6000 where pages.count < 3 {
                pages = processes.compactMap { ProbePage(of: $0) }
                usleep(10_000)
            }
            try #require(pages.count == 3)
            for page in pages { page.ask() }
            for _ in 0..<6000 where !pages.allSatisfy(\.hasAnswered) { usleep(10_000) }
            let held = pages.map { Double($0.reading?.allocatedBytes ?? 0) }
            #expect(pages.allSatisfy(\.hasAnswered) && held.allSatisfy { $0 > 100_000 }, "\(held)")
            #expect((0.9e6...1.3e6).contains(held[2] - held[1]), "\(held)")
            let folder = try #require(pages.first?.folder)
            input.fileHandleForWriting.closeFile()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(!FileManager.default.fileExists(atPath: folder))
        }

        @Test func `a program keeps its signals and its exit status`() throws {
            let status = try Program.loadgen("exec", "--", "sh", "-c", "exit 7")
            #expect(status.code == 7 && status.errors.isEmpty, "\(status.errors)")
            let mask = try Program.loadgen("exec", "--", "grep", "SigBlk", "/proc/self/status")
            #expect(mask.output.contains("0000000000000000"), "\(mask.output)")
            let none = try Program.loadgen("exec", "--", "no-such-program")
            #expect(none.code == 1 && none.errors.contains("did not start"), "\(none.errors)")
        }

        @Test func `a process that is not there is said before any load`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try Program.loadgen("run", "ping", "--pid", "4194304", "--out", folder)
            #expect(run.code == 64 && run.errors.contains("there is no process 4194304"))
        }
    }
}
