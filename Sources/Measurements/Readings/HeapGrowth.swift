/// What the target held more at the last trough than at the first one, as its allocator has it:
/// heap.json.
public struct HeapGrowth: Sendable, Codable, Equatable {
    /// A stack whose live memory has grown.
    public struct Stack: Sendable, Codable, Equatable {
        /// By so many bytes; an estimate from samples.
        public var bytes: Double
        /// By so many objects.
        public var objects: Double
        /// Of the bytes of all stacks that grew.
        public var share: Double
        /// Functions, the innermost first.
        public var frames: [String]

        /// A stack from its parts.
        public init(bytes: Double, objects: Double, share: Double, frames: [String]) {
            self.bytes = bytes
            self.objects = objects
            self.share = share
            self.frames = frames
        }

        /// The innermost function that is none of the allocator's or the language's.
        public var function: String {
            let wrappers = [
                "swift_", "Swift.", "static Swift.", "operator new", "std::", "malloc", "calloc",
                "realloc", "posix_memalign", "aligned_alloc", "strdup",
            ]
            return frames.first { frame in !wrappers.contains { frame.hasPrefix($0) } }
                ?? frames.first ?? "?"
        }
    }

    /// Objects of one size, more of which live.
    public struct SizeClass: Sendable, Codable, Equatable {
        /// Bytes of one object.
        public var sizeBytes: UInt64
        /// So many more of them; below 0 for fewer.
        public var objects: Int64

        /// A class from its parts.
        public init(sizeBytes: UInt64, objects: Int64) {
            self.sizeBytes = sizeBytes
            self.objects = objects
        }

        enum CodingKeys: String, CodingKey {
            case sizeBytes = "size_bytes"
            case objects
        }
    }

    /// When the first look was taken, in seconds from the start of the load.
    public var firstSeconds: Double
    /// When the last one was.
    public var lastSeconds: Double
    /// Requests that had ended in between.
    public var requests: Int
    /// A stack was recorded once in so many bytes; `nil` if the heap was not profiled.
    public var sampleBytes: Double?
    /// The stacks that grew, the most first; empty where the heap was not profiled.
    public var stacks: [Stack]
    /// The sizes whose objects changed in number, the most bytes first.
    public var sizes: [SizeClass]
    /// Why there are no stacks, in words; `nil` if there are, or where none were asked for.
    public var problem: String?

    /// A comparison from its parts.
    public init(
        firstSeconds: Double, lastSeconds: Double, requests: Int, sampleBytes: Double? = nil,
        stacks: [Stack] = [], sizes: [SizeClass] = []
    ) {
        self.firstSeconds = firstSeconds
        self.lastSeconds = lastSeconds
        self.requests = requests
        self.sampleBytes = sampleBytes
        self.stacks = stacks
        self.sizes = sizes
    }

    enum CodingKeys: String, CodingKey {
        case firstSeconds = "first_s"
        case lastSeconds = "last_s"
        case requests
        case sampleBytes = "sample_bytes"
        case stacks
        case sizes
        case problem
    }
}
