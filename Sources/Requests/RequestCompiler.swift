import Contracts
import Profiles

/// Turns a request step into its template.
package struct RequestCompiler {
    /// Host and port, for the Host field.
    let authority: String
    /// What stands before the path of an operation.
    let prefix: String
    /// What stands before the URL of a request without the contract.
    let root: String
    /// Whether answers may come compressed.
    var isCompressed = false

    package init(authority: String, prefix: String, root: String, isCompressed: Bool = false) {
        self.authority = authority
        self.prefix = prefix
        self.root = root
        self.isCompressed = isCompressed
    }

    func template(
        of step: RequestStep, _ operation: Operation?, _ names: TemplateWriter.Names,
        hasCookies: Bool
    ) throws(GeneratorError) -> Template {
        var writer = TemplateWriter(names)
        let method = try appendTarget(of: step, operation, to: &writer)
        writer.append(fixed: " HTTP/1.1\r\n")
        let body = try body(of: step, operation)
        func has(_ name: String) -> Bool {
            step.headers.contains { $0.name.lowercased() == name }
        }
        if !has("host") { writer.append(fixed: "Host: \(authority)\r\n") }
        if let body, !has("content-type") {
            writer.append(fixed: "Content-Type: \(body.contentType)\r\n")
        }
        if isCompressed, !has("accept-encoding") {
            writer.append(fixed: "Accept-Encoding: gzip, deflate, br, zstd\r\n")
        }
        for field in step.headers {
            writer.append(fixed: "\(field.name): ")
            try writer.append(field.value, .plain)
            writer.append(fixed: "\r\n")
        }
        if hasCookies { writer.append(.cookies, .verbatim) }
        guard let body else {
            // A method that comes with a body says so where it has none.
            let comesBare = ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"].contains(method)
            writer.append(fixed: comesBare ? "\r\n" : "Content-Length: 0\r\n\r\n")
            return writer.finish()
        }
        writer.append(fixed: "Content-Length: ")
        writer.append(.contentLength, .verbatim)
        writer.append(fixed: "\r\n\r\n")
        try body.append(to: &writer)
        return writer.finish()
    }

    /// The method and the path with its query; gives the method.
    private func appendTarget(
        of step: RequestStep, _ operation: Operation?, to writer: inout TemplateWriter
    ) throws(GeneratorError) -> String {
        var hasQuery = false
        let method: String
        switch step.call {
        case .url(let name, let url):
            method = name
            writer.append(fixed: "\(method) \(root)")
            try writer.append(url: url)
            hasQuery = url.contains("?")
        case .operation(_, let path):
            method = operation?.method ?? "GET"
            writer.append(fixed: "\(method) \(prefix)")
            for part in operation?.path ?? [] {
                switch part {
                case .literal(let text): writer.append(fixed: text)
                case .parameter(let name): try writer.append(path[name] ?? "", .percent)
                }
            }
        }
        for field in step.query {
            writer.append(fixed: hasQuery ? "&" : "?")
            hasQuery = true
            try writer.append(field.name, .percent)
            writer.append(fixed: "=")
            try writer.append(field.value, .percent)
        }
        return method
    }

    /// What is sent; `nil` for no body.
    private func body(
        of step: RequestStep, _ operation: Operation?
    ) throws(GeneratorError) -> RequestBody? {
        let content = step.body ?? operation?.exampleBody.map { .json($0) }
        return try content.map { content throws(GeneratorError) in
            try RequestBody(content, contentType: step.contentType)
        }
    }
}
