import Contracts

/// Finds the operation of a method and a path.
struct Router: Sendable {
    /// What a request is for.
    enum Match: Sendable {
        case operation(Operation, parameters: [String: String])
        /// The path is known with these methods.
        case otherMethods([String])
        case unknown
    }

    private struct Route: Sendable {
        let operation: Operation
        /// The path's segments; nil takes any, as a parameter.
        let segments: [String?]
    }

    private let prefix: String
    private let routes: [Route]

    init(_ contract: Contract) {
        prefix = contract.basePath
        routes = contract.operations.values.map { operation in
            let path = operation.path.map { part -> String in
                switch part {
                case .literal(let text): text
                case .parameter: "{}"
                }
            }.joined()
            return Route(
                operation: operation,
                segments: path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
                    .map { $0 == "{}" ? nil : String($0) })
        }
    }

    func match(_ method: String, _ path: String) -> Match {
        guard path.hasPrefix(prefix) else { return .unknown }
        let segments = path.dropFirst(prefix.count)
            .split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        var methods: Set<String> = []
        for route in routes where route.segments.count == segments.count {
            let fits = zip(route.segments, segments).allSatisfy {
                $0 == nil || $0.map { $0[...] } == $1
            }
            guard fits else { continue }
            if route.operation.method == method
                || (method == "HEAD" && route.operation.method == "GET")
            {
                let values = zip(route.segments, segments).filter { $0.0 == nil }.map {
                    String($0.1)
                }
                return .operation(
                    route.operation,
                    parameters: Dictionary(
                        zip(route.operation.pathParameters, values), uniquingKeysWith: { $1 }))
            }
            methods.insert(route.operation.method)
        }
        if methods.contains("GET") { methods.insert("HEAD") }
        return methods.isEmpty ? .unknown : .otherMethods(methods.sorted())
    }
}
