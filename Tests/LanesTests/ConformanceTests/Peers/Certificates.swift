import Foundation

/// Certificates made for one test run, in a folder of its own.
final class Certificates: Sendable {
    let folder: String

    // Read-only once made, and removed when the process ends.
    private static let common = Result {
        let certificates = try Certificates()
        atexit { Certificates.removeCommon() }
        return certificates
    }

    /// Those that all scripted servers of a process have.
    static func shared() throws -> Certificates { try common.get() }

    private static func removeCommon() {
        guard let folder = try? common.get().folder else { return }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The authority of the server's and the client's certificate.
    var authority: String { "\(folder)/authority.pem" }
    /// An authority that signed neither.
    var stranger: String { "\(folder)/stranger.pem" }
    /// The client's certificate and its key.
    var client: String { "\(folder)/client.pem" }
    var clientKey: String { "\(folder)/client.key" }

    /// Makes the folder, and in it the certificates: the server's is for localhost, other.test,
    /// 127.0.0.1 and ::1, the expired one for the same, the others for other names, and one has no
    /// name but its subject's.
    init() throws {
        folder =
            FileManager.default.temporaryDirectory.appending(
                path: "loadgen-\(UUID().uuidString)"
            ).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["authority", "stranger"] {
            try openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
                    + "-keyout \(name).key -out \(name).pem -subj /CN=\(name)")
        }
        let names = "DNS:localhost,DNS:other.test,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"
        try sign("server", names: names)
        try sign("expired", names: names, days: -1)
        try sign("wild", names: "DNS:*.example.test,DNS:loc*")
        try sign("subject", names: nil, subject: "localhost")
        try sign("client", names: "DNS:client")
        try openssl("ec -in client.key -aes256 -passout pass:secret -out locked.key")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func sign(
        _ name: String, names: String?, days: Int = 2, subject: String? = nil
    ) throws {
        try openssl(
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \(name).key "
                + "-out \(name).csr -subj /CN=\(subject ?? name)")
        try (names.map { "subjectAltName=\($0)\n" } ?? "").write(
            toFile: "\(folder)/\(name).ext", atomically: true, encoding: .utf8)
        try openssl(
            "x509 -req -in \(name).csr -CA authority.pem -CAkey authority.key -CAcreateserial "
                + "-days \(days) -extfile \(name).ext -out \(name).pem")
    }

    private func openssl(_ arguments: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: ["arguments": arguments])
        }
    }
}
