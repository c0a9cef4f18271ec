import Profiles

/// A body with its files read, and its media type.
struct RequestBody {
    private let content: RequestStep.Body
    /// The files by their path.
    private var files: [String: [UInt8]] = [:]
    private var boundary = ""
    /// The Content-Type field.
    private(set) var contentType: String

    /// The largest file that is sent, since it is held in memory.
    private static let maximumFileBytes = 256 << 20

    /// Reads the files that a body is made of.
    ///
    /// - Throws: `GeneratorError` where one cannot be read.
    init(_ content: RequestStep.Body, contentType: String?) throws(GeneratorError) {
        self.content = content
        switch content {
        case .json: self.contentType = contentType ?? "application/json"
        case .text: self.contentType = contentType ?? "text/plain; charset=utf-8"
        case .form: self.contentType = contentType ?? "application/x-www-form-urlencoded"
        case .file(let path):
            self.contentType = contentType ?? Self.mediaType(of: path)
            files[path] = try Self.read(path)
        case .multipart(let parts):
            self.contentType = ""
            for case .file(let path, _) in parts.map(\.content) {
                files[path] = try Self.read(path)
            }
            boundary = Self.boundary(parts, Array(files.values))
            self.contentType = "multipart/form-data; boundary=\(boundary)"
        }
    }

    /// Appends the body.
    func append(to writer: inout TemplateWriter) throws(GeneratorError) {
        switch content {
        case .json(let value): try writer.append(json: value)
        case .text(let text): try writer.append(text, .verbatim)
        case .file(let path): writer.append(fixed: files[path] ?? [])
        case .form(let fields):
            for (index, field) in fields.enumerated() {
                if index > 0 { writer.append(fixed: "&") }
                try writer.append(field.name, .percent)
                writer.append(fixed: "=")
                try writer.append(field.value, .percent)
            }
        case .multipart(let parts): try append(parts, to: &writer)
        }
    }

    /// - Source: RFC 7578.
    private func append(
        _ parts: [RequestStep.Part], to writer: inout TemplateWriter
    ) throws(GeneratorError) {
        for part in parts {
            writer.append(
                fixed: "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"")
            switch part.content {
            case .value(let text):
                if let type = part.type { writer.append(fixed: "\r\nContent-Type: \(type)") }
                writer.append(fixed: "\r\n\r\n")
                try writer.append(text, .verbatim)
            case .file(let path, let name):
                let type = part.type ?? Self.mediaType(of: path)
                writer.append(
                    fixed: "; filename=\"\(name)\"\r\nContent-Type: \(type)\r\n\r\n")
                writer.append(fixed: files[path] ?? [])
            }
            writer.append(fixed: "\r\n")
        }
        writer.append(fixed: "--\(boundary)--\r\n")
    }

    private static func read(_ path: String) throws(GeneratorError) -> [UInt8] {
        guard let bytes = BoundedFile.read(path, maximumBytes: maximumFileBytes + 1) else {
            throw GeneratorError(
                message: "the file \(path) cannot be read", hint: "a body is made of it")
        }
        guard bytes.count <= maximumFileBytes else {
            throw GeneratorError(
                message: "the file \(path) is larger than \(maximumFileBytes >> 20) MiB",
                hint: "a body is held in memory; send a smaller one")
        }
        return bytes
    }

    private static let mediaTypes = [
        "json": "application/json", "txt": "text/plain; charset=utf-8", "xml": "application/xml",
        "html": "text/html; charset=utf-8", "csv": "text/csv", "png": "image/png",
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "pdf": "application/pdf",
    ]

    private static func mediaType(of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        guard let point = name.lastIndex(of: ".") else { return "application/octet-stream" }
        return mediaTypes[name[name.index(after: point)...].lowercased()]
            ?? "application/octet-stream"
    }

    /// A line that stands in no part; the same for the same parts.
    private static func boundary(_ parts: [RequestStep.Part], _ files: [[UInt8]]) -> String {
        var contents = files
        for case .value(let text) in parts.map(\.content) { contents.append(Array(text.utf8)) }
        // FNV-1a over everything.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in contents.joined() { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        while true {
            let candidate = "loadgen-\(String(hash, radix: 16))"
            let isThere = contents.contains { content in
                content.firstRange(of: Array(candidate.utf8)) != nil
            }
            if !isThere { return candidate }
            hash &+= 1
        }
    }
}
