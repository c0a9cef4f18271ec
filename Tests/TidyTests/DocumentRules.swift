/// Targets that the page of architecture does not name in a row of its table.
func undescribedTargets(_ targets: [String], architecture: String) -> [Finding] {
    let rows = architecture.split(separator: "\n")
    return targets.filter { target in !rows.contains { $0.hasPrefix("| `\(target)") } }.map {
        Finding(
            path: "Sources/\($0)", line: 1, problem: "not in docs/architecture.md",
            remedy: "add a row that says what it is for and what it may import")
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
