public import Contracts
import FoundationEssentials
public import JSON
import Suggestions
import YAML

/// The profiles of a folder, found by name or by path.
public struct ProfileLibrary: Sendable {
    /// The folder that named profiles are in.
    public let folder: String

    /// A library over a folder, as `Profiles`.
    public init(folder: String) { self.folder = folder }

    /// The names of the profiles there, in order.
    public var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// What a profile says it is for; empty where it does not.
    public func summary(of name: String) -> String {
        guard let text = Self.text(of: "\(folder)/\(name).yaml"),
            let root = try? YAMLNode(parsing: text, file: name)
        else { return "" }
        return root["description"]?.text ?? ""
    }

    /// Reads a profile by its name in the folder or by its path, with the contract that it names.
    ///
    /// - Throws: `ProfileError` with every mistake, or with what there is where nothing is found.
    public func load(
        _ reference: String, overrides: [Override] = []
    ) throws(ProfileError) -> (profile: Profile, contract: Contract) {
        let (path, isPath) = path(of: reference)
        guard let text = Self.text(of: path) else { throw notFound(reference, isPath: isPath) }
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let name = file.split(separator: ".").first.map(String.init) ?? file
        return try Self.decode(
            text, file: path, name: name, base: base(of: reference), overrides: overrides)
    }

    /// Reads a profile that is no file.
    ///
    /// - Parameters:
    ///   - file: where it comes from, for messages.
    ///   - name: the profile's where it says none.
    ///   - base: the folder that the paths in it are relative to.
    /// - Throws: `ProfileError` with every mistake.
    public static func decode(
        _ text: String, file: String, name: String, base: String, overrides: [Override] = []
    ) throws(ProfileError) -> (profile: Profile, contract: Contract) {
        var decoder = ProfileDecoder(folder: base) { name throws(ContractError) in
            try contract(name, relativeTo: base)
        }
        return try decoder.decode(text, file: file, name: name, overrides: overrides)
    }

    /// A file in UTF-8; of one that is too large, as much as shows its reader that it is.
    private static func text(of path: String) -> String? {
        guard let bytes = BoundedFile.read(path, maximumBytes: YAMLNode.maximumBytes + 1) else {
            return nil
        }
        return bytes.count > YAMLNode.maximumBytes
            ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
    }

    private func path(of reference: String) -> (path: String, isPath: Bool) {
        if reference == "-" { return ("/dev/stdin", true) }
        let isPath =
            reference.contains("/") || reference.hasSuffix(".yaml") || reference.hasSuffix(".yml")
        return (isPath ? reference : "\(folder)/\(reference).yaml", isPath)
    }

    /// The folder of a profile, which the paths in it are relative to.
    public func base(of reference: String) -> String {
        if reference == "-" { return "." }
        let path = path(of: reference).path
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private func notFound(_ reference: String, isPath: Bool) -> ProfileError {
        let names = names
        let hint: String
        if let near = Suggestion.closest(to: reference, among: names), !isPath {
            hint = "did you mean \(near)?"
        } else if names.isEmpty {
            hint = "and \(folder) has no profiles; give the path of one"
        } else {
            hint = "there are \(names.joined(separator: ", ")); or give the path of a file"
        }
        let what = isPath ? "the file cannot be read" : "there is no such profile"
        return ProfileError(problems: [
            .init(file: reference, line: 0, column: 0, message: "\(what); \(hint)")
        ])
    }

    /// The contract's document in a run's folder.
    public static let keptContract = "contract.yaml"

    /// The profile that a run was made with, from its run.json.
    ///
    /// - Parameter document: the contract's in the run's folder; without one, as in evidence of
    ///   earlier versions, the contract is what its name stands for now.
    /// - Throws: `ProfileError` if it is no profile, or its contract cannot be read.
    public static func profile(
        ofRun json: JSONValue, document: String?
    ) throws(ProfileError) -> Profile {
        var decoder = ProfileDecoder { name throws(ContractError) in
            guard name != "none", let document else {
                return try contract(name, relativeTo: ".")
            }
            return try Contract(openAPI: document, file: name, isRelaxed: name == "upstream")
        }
        return try decoder.decode(json, file: "run.json", name: "run").profile
    }

    /// A built-in contract, or the file at a path, which is first looked for beside the profile.
    public static func contract(
        _ name: String, relativeTo base: String
    ) throws(ContractError) -> Contract {
        if Contract.builtIn.contains(name) { return try Contract(builtIn: name) }
        for path in name.hasPrefix("/") ? [name] : ["\(base)/\(name)", name] {
            guard let text = text(of: path) else { continue }
            return try Contract(openAPI: text, file: path)
        }
        let near = Suggestion.closest(to: name, among: Contract.builtIn).map {
            "; did you mean \($0)?"
        }
        throw ContractError(
            file: name, place: "",
            message:
                "no such contract; allowed: \(Contract.builtIn.joined(separator: ", ")), or the "
                + "path "
                + "of an OpenAPI document\(near ?? "")")
    }
}
