public import Measurements

extension ProcessReader {
    private typealias Size = (name: String, path: WritableKeyPath<ProcessReading, UInt64?>)

    private static var sizes: [Size] {
        [
            ("jemalloc_stats_allocated_bytes", \.allocatedBytes),
            ("jemalloc_stats_active_bytes", \.activeBytes),
            ("jemalloc_stats_resident_bytes", \.jemallocResidentBytes),
            ("jemalloc_stats_mapped_bytes", \.mappedBytes),
            ("jemalloc_stats_retained_bytes", \.retainedBytes),
            ("jemalloc_stats_metadata_bytes", \.metadataBytes),
            ("process_resident_memory_bytes", \.residentBytes),
        ]
    }

    /// A Prometheus text exposition: jemalloc's and the process's own figures by their usual names.
    ///
    /// What is no figure of a process is left out; of a name that comes twice the last counts.
    /// O(size of the text).
    public static func read(prometheus text: String) -> ProcessReading {
        var values: [String: Double] = [:]
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            // A name, a value, and perhaps when it was measured; one with labels is one of many.
            let words = line.split { $0 == UInt8(ascii: " ") || $0 == 0x09 || $0 == 0x0D }
            guard words.count == 2 || words.count == 3, words[0].first != UInt8(ascii: "#"),
                let value = Double(Substring(words[1]))
            else { continue }
            values[String(Substring(words[0]))] = value
        }
        func whole(_ name: String) -> UInt64? {
            values[name].flatMap { UInt64(exactly: $0.rounded()) }
        }
        var reading = ProcessReading()
        for (name, path) in sizes { reading[keyPath: path] = whole(name) }
        reading.startSeconds = values["process_start_time_seconds"]
        reading.cpuSeconds = values["process_cpu_seconds_total"]
        reading.openFiles = whole("process_open_fds").flatMap { Int(exactly: $0) }
        reading.threads = whole("process_threads").flatMap { Int(exactly: $0) }
        reading.dropImpossible()
        return reading
    }
}
