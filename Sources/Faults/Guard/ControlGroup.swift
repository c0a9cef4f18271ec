import Collector
import FoundationEssentials
import Glibc

/// A control group of loadgen's own, below or beside that of the processes that are moved there.
struct ControlGroup {
    /// What is changed by it, as version 1 names the controllers.
    enum Controller: String { case freezer, cpu, memory, pids }

    let path: String
    private let parent: String
    private let name: String

    /// Where its processes go back to, and itself away.
    var inverse: Inverse { .group(path: path, parent: parent) }

    /// Whether it is of version 2, whose freezer lets a process be ended that stands still.
    var isNewer: Bool { access("\(parent)/cgroup.subtree_control", F_OK) == 0 }

    var exists: Bool { access(path, F_OK) == 0 }

    private static let maximumRounds = 20

    /// The group for these processes; `nil` if none can be made, or they are in several groups.
    init?(_ controller: Controller, named name: String, for ids: [Int32]) {
        guard let home = Self.home(of: ids, controller),
            let folder = Self.folder(for: home, controller)
        else { return nil }
        self.name = name
        path = "\(folder)/\(name)"
        parent = home
    }

    /// Whether groups can be made for what this process starts.
    static func isUsable(_ controller: Controller) -> Bool {
        guard let home = home(in: groups(of: getpid()), controller) else { return false }
        return folder(for: home, controller) != nil
    }

    /// The folder of the one group that all of these processes are in; `nil` if there is none.
    private static func home(of ids: [Int32], _ controller: Controller) -> String? {
        for _ in 0..<maximumRounds {
            // What has just ended is in no group, and before that, for a moment, in the uppermost.
            let homes = Set(
                ids.map(groups).filter { !$0.isEmpty }.map { home(in: $0, controller) })
            if homes.count == 1, let home = homes.first { return home }
            usleep(1000)
        }
        return nil
    }

    /// The lines of /proc/PID/cgroup.
    static func groups(of id: Int32) -> String {
        ProcessReader.contents("/proc/\(id)/cgroup") ?? ""
    }

    /// The folder of the group that a process with these groups is in: of version 2 where that has
    /// the controller.
    private static func home(in text: String, _ controller: Controller) -> String? {
        let mounts = (ProcessReader.contents("/proc/mounts") ?? "").split(separator: "\n").map {
            $0.split(separator: " ")
        }
        let groups = text.split(separator: "\n").map {
            $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        }
        let newer = mounts.first { $0.count > 3 && $0[2] == "cgroup2" }
        let older = mounts.first { fields in
            fields.count > 3 && fields[2] == "cgroup"
                && fields[3].split(separator: ",").contains { $0 == controller.rawValue }
        }
        let names = [
            (newer, groups.first { $0.count == 3 && $0[0] == "0" }),
            (
                older,
                groups.first {
                    $0.count == 3
                        && $0[1].split(separator: ",").contains { $0 == controller.rawValue }
                }
            ),
        ]
        for (mount, group) in names {
            guard let mount, let group else { continue }
            let path = "\(mount[1])\(group[2] == "/" ? "" : group[2])"
            // In a container the path may be that of another view of the hierarchy.
            guard access("\(path)/cgroup.procs", W_OK) == 0, folder(for: path, controller) != nil
            else { continue }
            return path
        }
        return nil
    }

    /// Where a group can be made that has the controller, for processes of `home`.
    private static func folder(for home: String, _ controller: Controller) -> String? {
        let above = home.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        let isNewer = access("\(home)/cgroup.subtree_control", F_OK) == 0
        if !isNewer { return access(home, W_OK) == 0 ? home : nil }
        // A group of version 2 that has processes gives no controllers on; the one above does.
        return [home, above].first { folder in
            guard access(folder, W_OK) == 0,
                let given = ProcessReader.contents("\(folder)/cgroup.subtree_control")
            else { return false }
            let names = given.split(whereSeparator: \.isWhitespace)
            return controller == .freezer
                ? names.isEmpty || folder != home : names.contains { $0 == controller.rawValue }
        }
    }

    /// Makes it.
    func make() throws(FaultError) {
        guard mkdir(path, 0o755) == 0 else { throw FaultError(calling: "mkdir \(path)") }
    }

    /// Moves processes there until `tree` has none outside; all of them.
    func move(
        _ tree: () throws(FaultError) -> [HeldProcess]
    ) throws(FaultError) -> [HeldProcess] {
        var moved: [HeldProcess] = []
        for _ in 0..<Self.maximumRounds {
            let known = Set(moved.map(\.id))
            // Once it is there, a limit of the group may end all of it.
            let present = moved.isEmpty ? try tree() : (try? tree()) ?? []
            let more = present.filter { !known.contains($0.id) }
            moved += more
            // What a process of the group starts is there from the first.
            let outside = more.filter { !Self.groups(of: $0.id).contains("/\(name)\n") }
            if outside.isEmpty { return moved }
            for process in outside where !process.hasEnded {
                try write("\(process.id)", to: "cgroup.procs")
            }
        }
        throw FaultError(
            "the target starts processes faster than they can be moved to \(path)",
            hint: "strike it when it is less busy")
    }

    /// Writes a value to one of its files, or another to the one that version 1 has instead.
    func write(
        _ text: String, to name: String, orElse other: (text: String, name: String)? = nil
    ) throws(FaultError) {
        let descriptor = open("\(path)/\(name)", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if let other { return try write(other.text, to: other.name) }
            throw FaultError(calling: "open \(path)/\(name)")
        }
        defer { close(descriptor) }
        let count = text.utf8.count
        guard Glibc.write(descriptor, text, count) == count || errno == ESRCH else {
            throw FaultError(calling: "write \(text) to \(path)/\(name)")
        }
    }

    /// One of its files; `nil` if it has none of that name.
    func read(_ name: String) -> String? {
        access("\(path)/\(name)", F_OK) == 0 ? ProcessReader.contents("\(path)/\(name)") : nil
    }
}
