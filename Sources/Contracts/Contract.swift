import JSON
import YAML

/// What an API promises, read from its OpenAPI document.
public struct Contract: Sendable {
    /// The document's name or file.
    public let name: String
    /// The document as it was read; empty for `none`.
    public let document: String
    /// What stands before every path, from the first server's URL, as `/api/v0`; may be empty.
    public let basePath: String
    /// The operations by their `operationId`.
    public let operations: [String: Operation]
    /// What of the document is not checked, with its place and why; each once.
    public let unchecked: [String]
    /// The URLs of the servers that the document names, as it names them.
    public let servers: [String]

    /// The names that need no file.
    public static let builtIn = ["moonbase-v0", "upstream", "none"]

    /// A built-in contract.
    ///
    /// `upstream` is the Moonbase document with the checks of a body left out wherever `x-upstream`
    /// says that a published node answers otherwise. `none` promises nothing: it has no operation.
    ///
    /// - Throws: `ContractError` if there is none of that name.
    public init(builtIn name: String) throws(ContractError) {
        guard Self.builtIn.contains(name) else {
            throw ContractError(
                file: name, place: "",
                message: "no such contract; there are \(Self.builtIn.joined(separator: ", "))")
        }
        if name == "none" {
            self.init(name: name, document: "", basePath: "", operations: [:])
            return
        }
        try self.init(
            openAPI: String(decoding: PackageResources.moonbase_v0_openapi_yaml, as: UTF8.self),
            file: name, isRelaxed: name == "upstream")
    }

    private init(
        name: String, document: String, basePath: String, operations: [String: Operation]
    ) {
        self.name = name
        self.document = document
        self.basePath = basePath
        self.operations = operations
        unchecked = []
        servers = []
    }

    /// Reads a document, YAML or JSON.
    ///
    /// - Throws: `ContractError` with the place.
    public init(openAPI text: String, file: String, isRelaxed: Bool = false) throws(ContractError) {
        let tree: YAMLNode
        do { tree = try YAMLNode(parsing: text, file: file, hasAliases: true) } catch {
            throw ContractError(
                file: file, place: "\(error.position.line):\(error.position.column)",
                message: error.message)
        }
        let document = Document(file: file, root: tree.json)
        document.owner = Schema.Owner()
        guard let version = document.root["openapi"], let paths = document.root["paths"]?.object
        else {
            throw document.error("not an OpenAPI document: it needs openapi and paths", at: "")
        }
        guard (version.string ?? version.text).hasPrefix("3.") else {
            throw document.error(
                "OpenAPI \(version.text) is not taken; 3.0 and 3.1 are", at: "openapi")
        }
        name = file
        self.document = text
        basePath = Self.basePath(document.root)
        var operations: [String: Operation] = [:]
        for path in paths where path.name.hasPrefix("/") {
            let builder = OperationBuilder(
                document: document, path: path.name, item: path.value, isRelaxed: isRelaxed)
            for operation in try builder.operations() {
                guard operations[operation.id] == nil else {
                    document.leaveUnchecked(
                        "the operationId is there twice; only the first one is taken",
                        at: operation.id)
                    continue
                }
                operations[operation.id] = operation
            }
        }
        try document.finish()
        self.operations = operations
        unchecked = document.unchecked
        servers = (document.root["servers"]?.array ?? []).compactMap { Self.url(of: $0) }
    }

    /// The URL of a server, with its variables' defaults.
    private static func url(of server: JSONValue) -> String? {
        guard var url = server["url"]?.string else { return nil }
        for variable in server["variables"]?.object ?? [] {
            url = url.replacing("{\(variable.name)}", with: variable.value["default"]?.string ?? "")
        }
        return url
    }

    private static func basePath(_ root: JSONValue) -> String {
        guard let url = root["servers"]?.array?.first.flatMap({ self.url(of: $0) }) else {
            return ""
        }
        let afterScheme = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        guard let slash = afterScheme.firstIndex(of: "/") else { return "" }
        let path = afterScheme[slash...]
        return String(path.hasSuffix("/") ? path.dropLast() : path)
    }
}
