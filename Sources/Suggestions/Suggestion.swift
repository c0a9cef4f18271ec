/// What a misspelt word was perhaps meant to be.
public enum Suggestion {
    /// The candidate that is fewest edits away, if those are at most a third of the word.
    public static func closest(to word: String, among candidates: some Sequence<String>) -> String?
    {
        let limit = max(1, (word.count + 2) / 3)
        var best: (distance: Int, word: String)?
        for candidate in candidates {
            let distance = distance(Array(word.lowercased()), Array(candidate.lowercased()))
            if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
        }
        return best?.word
    }

    /// Insertions, removals, changes and swaps of neighbours that turn one word into the other.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var row = Array(0...right.count)
        for i in left.indices {
            var next = [i + 1] + [Int](repeating: 0, count: right.count)
            for j in right.indices {
                next[j + 1] = min(
                    row[j + 1] + 1, next[j] + 1, row[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    next[j + 1] = min(next[j + 1], before[j - 1] + 1)
                }
            }
            (before, row) = (row, next)
        }
        return row[right.count]
    }
}
