/// Targets that the page of architecture does not name in a row of its table.
func undescribedTargets(_ targets: [String], architecture: String) -> [Finding] {
    let rows = architecture.split(separator: "\n")
    return targets.filter { target in !rows.contains { $0.hasPrefix("| `\(target)") } }.map {
        Finding(
            path: "Sources/\($0)", line: 1, problem: "not in docs/architecture.md",
            remedy: "add a row that says what it is for and what it may import")
    }
}

/// Folders with more than 16 files of Sources, or of the tests' code, not counting those of the
/// folders in them.
func fullFolders(_ paths: [String]) -> [Finding] {
    let counted = paths.filter {
        $0.hasPrefix("Sources/") || $0.hasPrefix("Tests/") && $0.hasSuffix(".swift")
    }
    let folders = counted.map { path in
        path.split(separator: "/").dropLast().joined(separator: "/")
    }
    return Dictionary(grouping: folders) { $0 }.filter { $0.value.count > 16 }
        .map { folder, files in
            Finding(
                path: folder, line: 1, problem: "\(files.count) files, 16 at most",
                remedy: "move some into a folder that is named after what is in it")
        }
}

/// Packages that the page of dependencies does not name.
func undescribedPackages(_ list: SourceFile, dependencies: String) -> [Finding] {
    list.lines.enumerated().compactMap { index, line in
        let package = line.prefix { $0 != "#" && $0 != " " }
        guard !package.isEmpty, !dependencies.contains("`\(package)`") else { return nil }
        return list.finding(
            index + 1, "\(package) is not in docs/dependencies.md",
            "add a row that says what for, why this one, and its licence")
    }
}
