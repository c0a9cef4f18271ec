import Foundation
import Glibc

/// An nginx on loopback, whose answers say how it was asked.
final class NginxServer {
    /// What a port of the server speaks.
    enum Flavour: String, CaseIterable {
        /// TLS 1.2 and 1.3, HTTP/1.1.
        case tls
        /// TLS 1.2 alone.
        case tls12
        /// TLS that lets in who has a certificate.
        case mutual
        /// TLS and HTTP/2.
        /// A path /up goes on in HTTP/1.1 to the port that its query names.
        case http2
        /// HTTP/2 in clear text.
        case clear2
        /// HTTP/2, with an end to each connection after 20 requests.
        case short2
        /// HTTP/1.1 in clear text.
        case clear
    }

    let certificates: Certificates
    private var ports: [Flavour: Int] = [:]
    private var process = Process()

    /// Starts it, and waits until it answers.
    init() throws {
        certificates = try Certificates()
        // Somebody else may take one of the ports before it does.
        for _ in 0..<20 {
            try start()
            if answers() { return }
            end()
        }
        throw CocoaError(.executableNotLoadable)
    }

    deinit { end() }

    private func start() throws {
        for flavour in Flavour.allCases { ports[flavour] = try Listener.freePort() }
        let folder = certificates.folder
        try configuration().write(
            toFile: "\(folder)/nginx.conf", atomically: true, encoding: .utf8)
        process = Process()
        process.executableURL = URL(filePath: "/usr/sbin/nginx")
        process.arguments = ["-p", folder, "-c", "\(folder)/nginx.conf", "-e", "stderr"]
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    private func end() {
        guard process.isRunning else { return }
        // A child has the signal mask of the thread that started it, which may block SIGTERM.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func port(_ flavour: Flavour) -> Int { ports[flavour] ?? 0 }

    /// Whether this very process answers; it does so only with all of its ports.
    private func answers() -> Bool {
        for _ in 0..<6000 where process.isRunning {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            defer { close(descriptor) }
            if Listener.connect(descriptor, port: port(.clear)) {
                var stream = SocketStream(descriptor)
                let isAsked = stream.write(Array("GET / HTTP/1.0\r\n\r\n".utf8))
                let answer = isAsked ? stream.readToEnd() : ""
                return answer.contains(" process=\(process.processIdentifier) ")
            }
            usleep(10_000)
        }
        return false
    }

    private func configuration() -> String {
        let secure = "ssl_certificate server.pem; ssl_certificate_key server.key;"
        let asks = "ssl_client_certificate authority.pem; ssl_verify_client on;"
        func server(_ flavour: Flavour, _ listen: String, _ more: String) -> String {
            """
                server {
                    listen 127.0.0.1:\(port(flavour)) \(listen); \(more)
                    location /up { proxy_pass http://127.0.0.1:$arg_port/; }
                    location / { return 200 "\(Self.answer)"; }
                }

            """
        }
        return """
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr crit;
            events { worker_connections 1024; }
            http {
                access_log off;
                default_type text/plain;
                keepalive_requests 100000;
                http2_max_concurrent_streams 128;
                client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                ssl_session_cache shared:one:1m;
            \(server(.tls, "ssl", "\(secure) ssl_protocols TLSv1.2 TLSv1.3;"))
            \(server(.tls12, "ssl", "\(secure) ssl_protocols TLSv1.2;"))
            \(server(.mutual, "ssl", "\(secure) \(asks)"))
            \(server(.http2, "ssl http2", secure))
            \(server(.clear2, "http2", ""))
            \(server(.short2, "http2", "keepalive_requests 20;"))
            \(server(.clear, "", ""))
            }
            """
    }

    /// What an answer tells, as fields with `=` between name and value.
    private static let answer =
        "name=$ssl_server_name process=$pid version=$ssl_protocol cipher=$ssl_cipher "
        + "client=$ssl_client_s_dn http=$server_protocol reused=$ssl_session_reused "
        + "connection=$connection request=$connection_requests host=$http_host"
}

extension LaneAnswer {
    /// A field of nginx's answer.
    func field(_ name: String) -> String {
        for part in text.split(separator: " ") where part.hasPrefix("\(name)=") {
            return String(part.dropFirst(name.count + 1))
        }
        return ""
    }
}
