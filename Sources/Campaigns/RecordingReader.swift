import Evidence
import FoundationEssentials
import Glibc
public import Profiles
public import Schedules
import Statistics

/// Reads the recordings that a profile's replays take.
///
/// A recording is a text file with a column of offsets, or the folder of an earlier run, whose due
/// times its profile and seed give again.
public enum RecordingReader {
    /// The recordings of a profile, by the name of the phase.
    ///
    /// - Parameter base: the folder that relative paths are looked for in first.
    /// - Throws: `ProfileError` with file and line.
    public static func read(
        for profile: Profile, relativeTo base: String
    ) throws(ProfileError) -> Schedule.Recordings {
        var recordings: Schedule.Recordings = [:]
        for phase in profile.load {
            guard let replay = phase.model.recording else { continue }
            let beside = "\(base)/\(replay.path)"
            let isBeside = FileManager.default.fileExists(atPath: beside)
            var times = try read(isBeside ? beside : replay.path)
            if replay.speed != 1 {
                times = times.map { UInt64(clamping: (Double($0) / replay.speed).rounded()) }
            }
            recordings[phase.name] = times
        }
        return recordings
    }

    private static func read(_ path: String) throws(ProfileError) -> [UInt64] {
        if access("\(path)/run.json", R_OK) == 0 { return try earlierRun(path) }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw problem(
                path, 0, "cannot be read; a replay takes a file of offsets or a run's folder")
        }
        return try column(text, path: path)
    }

    private static func earlierRun(_ folder: String) throws(ProfileError) -> [UInt64] {
        let path = "\(folder)/run.json"
        let profile: Profile
        do { profile = try RunDescription(reading: folder).profile(in: folder) } catch {
            throw problem(path, 1, "\(error.message); \(error.hint)")
        }
        let times = Schedule(profile).map(\.dueNanoseconds)
        guard !times.isEmpty else { throw problem(path, 1, "has no arrivals of the open model") }
        return times
    }

    private static let units = ["ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9]

    /// A number a line, or the column of a table whose head says `due_ns`, `offset_ms` or such.
    private static func column(_ text: String, path: String) throws(ProfileError) -> [UInt64] {
        var times: [UInt64] = []
        var (place, scale) = (0, 1e9)
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let cells = line.split(whereSeparator: { "\t,; \r".contains($0) })
            if cells.isEmpty || line.hasPrefix("#") { continue }
            if times.isEmpty, Double(cells[0]) == nil,
                let head = cells.firstIndex(where: { unit(of: $0) != nil })
            {
                place = head
                scale = unit(of: cells[head]) ?? 1e9
                continue
            }
            guard place < cells.count, let value = Double(cells[place]), value >= 0,
                value * scale < 1e18
            else {
                throw problem(
                    path, index + 1,
                    "\"\(line)\" has no offset; a line has a number of seconds, or the first line "
                        + "names a column due_ns, due_us, due_ms or due_s")
            }
            let time = UInt64((value * scale).rounded())
            if let last = times.last, time < last {
                throw problem(path, index + 1, "the offset \(cells[place]) is before the last one")
            }
            times.append(time)
        }
        guard !times.isEmpty else { throw problem(path, 1, "has no offsets") }
        return times
    }

    private static func unit(of head: Substring) -> Double? {
        guard let mark = head.lastIndex(of: "_") else { return nil }
        return units[String(head[head.index(after: mark)...])]
    }

    private static func problem(_ path: String, _ line: Int, _ message: String) -> ProfileError {
        ProfileError(file: path, line: line, message: message)
    }
}
