extension Profile {
    /// The paths of all files that its requests are made of, in the order of the text; one that is
    /// named twice is there twice.
    public var files: [String] {
        let bodies = scenarios.flatMap(\.requests).flatMap { request -> [String] in
            switch request.body {
            case .file(let path): [path]
            case .multipart(let parts):
                parts.compactMap { part in
                    if case .file(let path, _) = part.content { path } else { nil }
                }
            case .json, .text, .form, nil: []
            }
        }
        return data.map(\.file) + bodies
    }
}
