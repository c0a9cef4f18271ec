import Foundation
import Testing

extension EndToEndTests {
    /// What the pages show is true: their profiles are valid, and their commands run.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct DocumentTests {
        @Test func `every profile in the pages is valid`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let profiles = Documents.blocks.filter(\.isProfile)
            #expect(
                Set(profiles.map(\.page)).isSuperset(
                    of: ["README.md", "docs/architecture.md", "docs/profiles.md"]))
            for profile in profiles {
                let path = "\(folder)/shown.yaml"
                try profile.text.write(toFile: path, atomically: true, encoding: .utf8)
                let result = try Program.loadgen("validate", path)
                #expect(
                    result.code == 0, "\(profile.page):\(profile.line): \(result.errors)")
            }
        }

        @Test func `every profile of the package is valid, listed and planned`() throws {
            let list = try Program.loadgen("list")
            let names = try FileManager.default.contentsOfDirectory(
                atPath: "\(Documents.root)/Profiles"
            ).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
            #expect(list.code == 0 && names.count >= 4)
            for name in names {
                let line = list.output.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
                #expect((line?.count ?? 0) > name.count + 10, "\(name) has no description")
                #expect(try Program.loadgen("validate", name).code == 0, "\(name)")
                let plan = try Program.loadgen("plan", name)
                #expect([0, 3].contains(plan.code), "\(name): \(plan.errors)")
                #expect(!plan.output.contains("CANNOT DECIDE"), "\(name): \(plan.output)")
            }
        }

        @Test func `every command in the pages is one, and does what it is for`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let first = try #require(
                Documents.blocks.first { $0.page == "README.md" && $0.isProfile })
            try first.text.write(
                toFile: "\(folder)/first.yaml", atomically: true, encoding: .utf8)
            for (name, text) in Documents.files {
                try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            let run = try Program.loadgen(
                "run", "ping", "--duration", "1s", "--out", "\(folder)/sample", "--quiet")
            #expect([0, 2, 3, 4].contains(run.code), "\(run.errors)")
            let sample = try Program.onlyRun(in: "\(folder)/sample")
            #expect(Documents.commands.count > 20)
            var done: Set<[String]> = []
            for command in Documents.commands where done.insert(command.words).inserted {
                switch command.words[0].split(separator: "/").last {
                case "loadgen" where command.words.starts(with: ["loadgen", "exec"]):
                    // What is no program of the package is asked for its help.
                    guard command.words.contains("moonbase") else {
                        #expect(try Program.loadgen("exec", "--help").code == 0)
                        continue
                    }
                    try runNode(command, by: "loadgen", in: folder)
                case "loadgen" where command.words.count > 1:
                    try runLoadgen(command, in: folder, sample: sample)
                case "moonbase": try runNode(command, in: folder)
                default: try checkScript(command)
                }
            }
        }

        /// Runs what the page says, shortened: the target and the words are the page's own.
        private func runLoadgen(
            _ command: Documents.Command, in folder: String, sample: String
        ) throws {
            let meant = [
                "NAME": "ping", "PATH": "first.yaml", "PROFILE": "ping", "RUN": sample,
                "Results/runs/RUN": sample, "OPENAPI": "moonbase-v0",
            ]
            var words = command.words.dropFirst().map { meant[$0] ?? $0 }
            // Targets side by side are for GateTests.
            if words.contains("--base") { return }
            if words == ["compare"] { words += [sample, sample] }
            if ["compare", "baseline"].contains(words[0]) {
                words += ["--baselines", "\(folder)/baselines"]
            }
            if words == ["capacity"] { words.append("--help") }
            if words.starts(with: ["capacity", "ping"]) {
                // One rate that holds, and its confirmation.
                words += ["--from", "1500/s", "--to", "1500/s", "--confirm", "8s"]
                words += ["--max-duration", "80s"]
                words += ["--out", "\(folder)/capacity"]
            }
            if words[0] == "plan-capacity", words.contains("RESULT") {
                let result = try Program.onlyRun(in: "\(folder)/capacity")
                words = words.map { $0 == "RESULT" ? result : $0 }
            }
            // `loadgen validate` alone speaks of the command.
            if words.count == 1, ["validate", "run", "plan"].contains(words[0]) {
                words.append("ping")
            }
            if words[0] == "run", !words.contains("--print-profile") {
                // A soak needs a whole round.
                let duration = words.contains("soak") ? "2s" : "1s"
                words += ["--duration", duration, "--rate", "50/s", "--out", "\(folder)/runs"]
            }
            let result = try Program.loadgen(words, in: folder)
            #expect(
                [0, 2, 3, 4].contains(result.code)
                    && !(result.output.isEmpty && result.errors.isEmpty),
                "\(command.place): \(words): \(result.code) \(result.errors)")
        }

        /// Starts the node as the page says, and ends it in order.
        private func runNode(
            _ command: Documents.Command, by program: String = "moonbase", in folder: String
        ) throws {
            var words = Array(command.words.dropFirst())
            // Somebody else may have the port that the page names.
            if let index = words.firstIndex(of: "--port"), index + 1 < words.count {
                words[index + 1] = "0"
            }
            let (process, output, errors) = try Program.start(program, words, in: folder)
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            let isHelp = command.words.contains("--help")
            let wanted = isHelp ? "usage: moonbase" : "listens on http://"
            #expect(line.contains(wanted), "\(command.place): \(line)")
            if !isHelp { process.terminate() }
            process.waitUntilExit()
            let said = String(
                decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            #expect(process.terminationStatus == 0, "\(command.place): \(said)")
        }

        /// The script is there and says how it is used; names that it is given are in that text.
        private func checkScript(_ command: Documents.Command) throws {
            let path = "\(Documents.root)/\(command.words[0])"
            let isThere = FileManager.default.isExecutableFile(atPath: path)
            #expect(isThere, "\(command.place): \(command.words[0])")
            // Scripts/loadgen builds first; the program itself is asked everywhere else.
            guard isThere, !path.hasSuffix("/loadgen") else { return }
            let process = Process()
            process.executableURL = URL(filePath: path)
            process.arguments = ["-h"]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let help = String(
                decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(help.contains("usage: "), "\(command.place): \(help)")
            for word in command.words.dropFirst() where word.allSatisfy(\.isLetter) {
                #expect(help.contains(word), "\(command.place): \(word) is not in\n\(help)")
            }
        }
    }
}
