import ArgumentParsing
import Contracts
import Glibc
import Profiles
import Targets

struct InitCommand: Command {
    static let syntax = CommandSyntax(
        name: "init", argument: "URL|OPENAPI",
        summary: "write a first profile, with comments, for a URL or an OpenAPI document",
        flags: [
            Flag(
                name: "--target", value: "URL",
                help: "where the API runs; the first server that the document names"),
            Flag(
                name: "--out", value: "FILE",
                help: "the profile, or - for standard output; a name in the present folder"),
        ],
        examples: ["loadgen init http://127.0.0.1:4343/api/v0/ping --out -"])

    let call: Invocation

    func run() throws -> ExitCode {
        let argument = call.arguments.argument
        let draft =
            LoadLine.isURL(argument) ? try draft(ofURL: argument) : try draft(ofDocument: argument)
        let file = call.arguments.value("--out") ?? "\(draft.name).yaml"
        if file == "-" {
            Terminal.write(draft.text)
            return .pass
        }
        try write(draft.text, to: file)
        Terminal.write("\(file)\n")
        for note in draft.notes { Terminal.complain(note) }
        Terminal.note("next: loadgen run \(file)\n")
        return .pass
    }

    private func draft(ofURL text: String) throws -> ProfileDraft {
        if call.arguments.value("--target") != nil {
            throw UsageError("\(text) is the target already; leave --target out")
        }
        let (origin, path) = try LoadLine.parts(of: text)
        _ = try TargetURL(origin)
        return ProfileDraft(origin: origin, path: path)
    }

    private func draft(ofDocument path: String) throws -> ProfileDraft {
        let contract: Contract
        do { contract = try ProfileLibrary.contract(path, relativeTo: ".") } catch {
            throw UsageError("\(error); give a URL, or the path of an OpenAPI document")
        }
        let target = call.arguments.value("--target")
        if let target { _ = try TargetURL(target) }
        let file = call.arguments.value("--out") ?? ""
        // Paths in a profile begin at its folder.
        let isBeside = !file.contains("/") || path.hasPrefix("/")
        let reference = isBeside || Contract.builtIn.contains(path) ? path : absolute(path)
        return ProfileDraft(contract: contract, reference: reference, target: target)
    }

    private func absolute(_ path: String) -> String {
        guard let text = realpath(path, nil) else { return path }
        defer { free(text) }
        return String(cString: text)
    }

    /// Writes a file that is not there yet.
    private func write(_ text: String, to path: String) throws(UsageError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw UsageError(
                "\(path) cannot be made: \(reason); name another file with --out FILE, or - for "
                    + "standard output")
        }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = String(cString: strerror(errno))
                unlink(path)
                throw UsageError("\(path) cannot be written: \(reason)")
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
