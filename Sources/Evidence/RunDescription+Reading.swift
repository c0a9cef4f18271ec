import JSON
public import Profiles

extension RunDescription {
    /// How deep run.json may be nested: a profile of 100 levels, and what is around it.
    private static let maximumDepth = 160

    /// run.json's text, which is read back first: evidence that cannot be read proves nothing, and
    /// that is to be known before the load.
    ///
    /// - Parameter path: run.json's, for the message.
    /// - Throws: `EvidenceError` if it would not be read back as the same.
    func text(for path: String) throws(EvidenceError) -> String {
        let text = json.prettyText
        let size = text.utf8.count
        var problem: String?
        if size > EvidenceFile.maximumBytes {
            problem =
                "it would have \(size >> 20) MiB (allowed \(EvidenceFile.maximumBytes >> 20) MiB)"
        } else {
            do {
                let again = try Self(parsing: Array(text.utf8))
                if again != self { problem = "it would be read back as another" }
            } catch { problem = "line \(error.line): \(error.message)" }
        }
        guard let problem else { return text }
        throw EvidenceError(
            place: path, message: "cannot hold this profile: \(problem)",
            hint: "no load was sent; make the profile smaller, or take odd texts out of it")
    }

    /// Reads the description of a run in a folder.
    ///
    /// - Throws: `EvidenceError` if it cannot be read, or is none.
    public init(reading folder: String) throws(EvidenceError) {
        let path = "\(folder)/run.json"
        let text = try EvidenceFile.text(path)
        do { try self.init(parsing: Array(text.utf8)) } catch {
            throw EvidenceError(
                place: "\(path):\(max(1, error.line))", message: error.message,
                hint: "the evidence was changed, or another program wrote it")
        }
    }

    /// The profile as run, which stands for itself: operations are checked when a run is made, not
    /// when it is read.
    ///
    /// - Parameter folder: the run's, which has the contract's document.
    /// - Throws: `EvidenceError` if it is no profile, or its contract cannot be read.
    public func profile(in folder: String) throws(EvidenceError) -> Profile {
        let path = "\(folder)/\(ProfileLibrary.keptContract)"
        let isKept = contract?.copy != nil || EvidenceFile.exists(path)
        let document = isKept ? try EvidenceFile.text(path) : nil
        do { return try ProfileLibrary.profile(ofRun: profile, document: document) } catch {
            if let problem = try contract?.damage(in: folder) {
                throw EvidenceError(
                    place: path, message: problem, hint: "take a copy of the run that is whole")
            }
            // Places within the profile mean nothing here.
            throw EvidenceError(
                place: "\(folder)/run.json",
                message: "its profile cannot be read: "
                    + error.problems.map(\.message).joined(separator: "; "),
                hint: "the evidence was changed, or the contract that it names is not there")
        }
    }

    /// Reads run.json.
    ///
    /// - Throws: `JSONError` with what is wrong, and its line where that is known.
    init(parsing bytes: [UInt8]) throws(JSONError) {
        try self.init(
            json: try JSONValue(
                parsing: bytes, maximumDepth: Self.maximumDepth, rules: .uniqueNames))
    }

    /// - Throws: `JSONError` if the JSON is no description.
    init(json: JSONValue) throws(JSONError) {
        let schema = json["schema"]?.string ?? ""
        guard Self.schemas.contains(schema), let id = json["id"]?.string,
            let startedAt = json["started_at"]?.string, json["started_s"]?.double != nil,
            let profile = json["profile"], let target = json["target"]?.string,
            json["threads"]?.double != nil
        else {
            throw JSONError(
                message: "not a description of form \(Self.schemas[0]), \(Self.schemas[1]) or "
                    + Self.schema)
        }
        hasSeals = schema == Self.schema
        self.id = id
        self.startedAt = startedAt
        // Until the year 9999.
        startedSeconds =
            try json.number("started_s", 0...253_402_300_799, { $0.double }) ?? 0
        self.profile = profile
        self.target = target
        targetProcess = try json.whole("target_process", 0...Int64(Int32.max)).map { Int($0) }
        command = json["command"]?.array?.compactMap(\.string) ?? []
        threads = Int(try json.whole("threads", 1...Int64(Self.maximumThreads)) ?? 1)
        host = json["host"]?.object ?? []
        calibration = try json.part("calibration") { Calibration(json: $0) }
        profileSHA256 = json["profile_sha256"]?.string
        objectivesSHA256 = json["objectives_sha256"]?.string
        contract = try json.part("contract") { RunFile(json: $0) }
        files = try (json["data"]?.array ?? []).map { file throws(JSONError) in
            guard let file = RunFile(json: file) else {
                throw JSONError(message: "data has \(file.text), which is no file")
            }
            return file
        }
    }
}

extension JSONValue {
    /// A member that is a number, or `nil` if there is none or it is null.
    fileprivate func number<Value: Comparable>(
        _ name: String, _ allowed: ClosedRange<Value>, _ read: (JSONValue) -> Value?
    ) throws(JSONError) -> Value? {
        guard let member = self[name], member != .null else { return nil }
        guard let value = read(member), allowed.contains(value) else {
            throw JSONError(
                message: "\(name) is \(member.text) (allowed \(allowed.lowerBound) to "
                    + "\(allowed.upperBound))")
        }
        return value
    }

    fileprivate func whole(
        _ name: String, _ allowed: ClosedRange<Int64>
    ) throws(JSONError) -> Int64? { try number(name, allowed) { $0.integer } }

    /// A member of a form of its own, or `nil` if there is none or it is null.
    fileprivate func part<Part>(
        _ name: String, _ read: (JSONValue) -> Part?
    ) throws(JSONError) -> Part? {
        guard let member = self[name], member != .null else { return nil }
        guard let part = read(member) else {
            throw JSONError(message: "\(name) is not as a run has it: \(member.text.prefix(200))")
        }
        return part
    }
}
