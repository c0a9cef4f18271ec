import Glibc

/// Files that are read whole, up to a bound.
public enum BoundedFile {
    /// The first `maximumBytes` of a file, or fewer if it has no more; `nil` if it cannot be read.
    ///
    /// Whatever it is: a device without an end is read up to the bound, too.
    public static func read(_ path: String, maximumBytes: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while bytes.count < maximumBytes {
            let count = Glibc.read(descriptor, &chunk, min(chunk.count, maximumBytes - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }
}
