import CCurl
import Glibc

/// The header fields of requests as curl takes them, each set made once.
///
/// Confined to its loop.
final class RequestFields {
    /// One set of fields.
    final class Entry {
        let list: CurlList
        /// Whether the request says how long its body is, be it 0.
        let hasLength: Bool

        init(_ fields: UnsafeRawBufferPointer) {
            var hasLength = false
            let list = CurlList()
            var names: Set<String> = []
            for (name, value) in RequestParts.lines(fields) {
                let lower = name.lowercased()
                names.insert(lower)
                if lower == "content-length" {
                    hasLength = true  // curl writes it from the body's size.
                } else {
                    // curl takes "NAME:" for the wish to leave the field out.
                    list.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
                }
            }
            // What curl would add by itself; the last two go with a body alone.
            let added = hasLength ? ["Accept", "Content-Type", "Expect"] : ["Accept"]
            for name in added where !names.contains(name.lowercased()) { list.append("\(name):") }
            self.list = list
            self.hasLength = hasLength
        }
    }

    private var entries: [[UInt8]: Entry] = [:]
    /// The set of the last request, which most often is that of the next.
    private var last: (key: [UInt8], entry: Entry)?

    /// Enough for the steps of any profile; more are sets that vary with every request.
    private static let maximumEntries = 256

    /// The set for the bytes of a request's fields.
    func entry(for fields: UnsafeRawBufferPointer) -> Entry {
        if let last, last.key.withUnsafeBytes({ $0.isEqual(to: fields) }) { return last.entry }
        let key = Array(fields)
        let entry = entries[key] ?? makeEntry(key, fields)
        last = (key, entry)
        return entry
    }

    private func makeEntry(_ key: [UInt8], _ fields: UnsafeRawBufferPointer) -> Entry {
        if entries.count >= Self.maximumEntries { entries.removeAll(keepingCapacity: true) }
        let entry = Entry(fields)
        entries[key] = entry
        return entry
    }
}
