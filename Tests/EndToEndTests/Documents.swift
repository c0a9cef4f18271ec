import Foundation

/// The pages for people, as the blocks and the commands that they hold.
enum Documents {
    /// A stretch of a page that is shown as it stands, fenced or indented.
    struct Block: Sendable {
        let page: String
        let line: Int
        let text: String

        /// Whether it is a whole profile, by the one key that each must have.
        var isProfile: Bool { text.split(separator: "\n").contains { $0.hasPrefix("load:") } }
    }

    /// A command line with the place where it stands.
    struct Command: Sendable {
        let place: String
        let words: [String]
    }

    /// The top of the package.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// README.md and every page of docs/.
    static let pages: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/docs")) ?? []
        return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }()

    private static func lines(of page: String) -> [String] {
        let text = (try? String(contentsOfFile: "\(root)/\(page)", encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The blocks of all pages.
    static let blocks: [Block] = pages.flatMap { page -> [Block] in
        var blocks: [Block] = []
        var open: (line: Int, isFenced: Bool, lines: [String])?
        func end() {
            guard let block = open else { return }
            let text = block.lines.joined(separator: "\n")
            blocks.append(Block(page: page, line: block.line, text: text + "\n"))
            open = nil
        }
        for (index, line) in lines(of: page).enumerated() {
            if line.hasPrefix("```") {
                if open?.isFenced == true { end() } else { open = (index + 1, true, []) }
            } else if open?.isFenced == true {
                open?.lines.append(line)
            } else if line.hasPrefix("    ") {
                if open == nil { open = (index + 1, false, []) }
                open?.lines.append(String(line.dropFirst(4)))
            } else {
                end()
            }
        }
        end()
        return blocks
    }

    /// The commands of the package in blocks and in code within a line.
    static let commands: [Command] = {
        let inBlocks = blocks.filter { !$0.isProfile }.flatMap { block in
            block.text.split(separator: "\n").enumerated().compactMap { index, line in
                command(String(line), "\(block.page):\(block.line + index)")
            }
        }
        let inLines = pages.flatMap { page in
            lines(of: page).enumerated().flatMap { index, line in
                line.matches(of: /`([^`]+)`/).compactMap {
                    command(String($0.output.1), "\(page):\(index + 1)")
                }
            }
        }
        return inBlocks + inLines
    }()

    /// The files that pages have written with echo, by name.
    static let files: [String: String] = Dictionary(
        blocks.flatMap { block in
            block.text.split(separator: "\n").compactMap { line in
                line.wholeMatch(of: /echo '([^']*)' > ([a-z.-]+)/).map {
                    (String($0.output.2), String($0.output.1) + "\n")
                }
            }
        }, uniquingKeysWith: { first, _ in first })

    /// The words of a command of this package up to its remark; `nil` for anything else.
    private static func command(_ line: String, _ place: String) -> Command? {
        let names = ["loadgen", "moonbase", ".build/release/loadgen", ".build/release/moonbase"]
        let end = line.firstRange(of: /\ {2,}|\ #/)?.lowerBound ?? line.endIndex
        let words = line[..<end].matches(of: /"([^"]*)"|[^ ]+/).map { match in
            String(match.output.1 ?? match.output.0)
        }
        guard let first = words.first,
            names.contains(first) || first.wholeMatch(of: /Scripts\/[a-z\/]+/) != nil
        else { return nil }
        // A name alone is a name, and no command.
        return words.count > 1 || first.hasPrefix("Scripts/")
            ? Command(place: place, words: words)
            : nil
    }
}
