import Contracts

/// Finds the operation of a method and a path.
struct Router: Sendable {
    /// An operation of the contract, with its place among all of them.
    final class Route: Sendable {
        let operation: Operation
        let index: Int
        let parameterNames: [String]

        init(_ operation: Operation, index: Int) {
            self.operation = operation
            self.index = index
            parameterNames = operation.pathParameters
        }
    }

    /// What a request is for.
    enum Match: Sendable {
        case operation(Route, parameters: [Substring])
        /// The path is known with these methods.
        case otherMethods([String])
        case unknown
    }

    private struct Shape: Sendable {
        /// The path's segments; nil takes any, as a parameter.
        let segments: [String?]
        var routes: [String: Route] = [:]
    }

    /// Operations in the order of their names; their index is their place in `Metrics`, where 0 is
    /// for what is no operation.
    let routes: [Route]
    private var literal: [String: [String: Route]] = [:]
    private var shapes: [Shape] = []

    init(_ contract: Contract) {
        routes = contract.operations.values.sorted { $0.id < $1.id }.enumerated().map {
            Route($1, index: $0 + 1)
        }
        for route in routes {
            let path =
                contract.basePath
                + route.operation.path.map { part -> String in
                    switch part {
                    case .literal(let text): text
                    case .parameter: "{}"
                    }
                }.joined()
            guard path.contains("{}") else {
                literal[path, default: [:]][route.operation.method] = route
                continue
            }
            let segments = Self.segments(of: path).map { $0 == "{}" ? nil : String($0) }
            let place = shapes.firstIndex { $0.segments == segments } ?? shapes.endIndex
            if place == shapes.endIndex { shapes.append(Shape(segments: segments)) }
            shapes[place].routes[route.operation.method] = route
        }
    }

    private static func segments(of path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }

    func match(_ method: String, _ path: String) -> Match {
        if let methods = literal[path] { return choose(method, methods, []) }
        let segments = Self.segments(of: path)
        for shape in shapes where shape.segments.count == segments.count {
            var values: [Substring] = []
            let fits = zip(shape.segments, segments).allSatisfy { wanted, segment in
                guard let wanted else {
                    values.append(segment)
                    return true
                }
                return wanted == segment
            }
            if fits { return choose(method, shape.routes, values) }
        }
        return .unknown
    }

    private func choose(
        _ method: String, _ methods: [String: Route], _ values: [Substring]
    ) -> Match {
        if let route = methods[method] ?? (method == "HEAD" ? methods["GET"] : nil) {
            return .operation(route, parameters: values)
        }
        return .otherMethods((methods.keys + (methods["GET"] == nil ? [] : ["HEAD"])).sorted())
    }
}
