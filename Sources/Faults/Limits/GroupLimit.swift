import EventLoops

/// A control group that the processes of the target are moved to for a limit of it.
final class GroupLimit {
    let scene: FaultScene
    let controller: ControlGroup.Controller
    private(set) var group: ControlGroup?
    private var struck: [HeldProcess] = []

    private static let patienceMilliseconds = 1000

    init(_ controller: ControlGroup.Controller, _ scene: FaultScene) {
        self.controller = controller
        self.scene = scene
    }

    var mechanism: String {
        "the controller \(controller.rawValue) of the group \(group?.path ?? "")"
    }

    static func availability(_ controller: ControlGroup.Controller) -> FaultAvailability {
        ControlGroup.isUsable(controller)
            ? .works("a control group with the controller \(controller.rawValue)")
            : .unavailable("no group with the controller \(controller.rawValue) can be written")
    }

    /// Makes the group, moves the target there and sets its limit.
    ///
    /// - Parameter isEmpty: whether the limit is set while nobody is there, since it could not be
    ///   set below what they have by then.
    func apply(
        _ journal: FaultJournal, whileEmpty isEmpty: Bool = false,
        _ set: (ControlGroup) throws(FaultError) -> Void
    ) throws(FaultError) {
        let tree = try scene.tree()
        let name = "loadgen-\(scene.run)-\(journal.id)"
        guard let group = ControlGroup(controller, named: name, for: tree.map(\.id)) else {
            throw FaultError(
                "no group with the controller \(controller.rawValue) can be made for the target",
                hint: "see that its processes are in one group, which loadgen may write")
        }
        self.group = group
        try journal.intend([group.inverse])
        try group.make()
        if isEmpty { try set(group) }
        struck = try group.move { () throws(FaultError) in try scene.tree() }
        if !isEmpty { try set(group) }
    }

    /// How many processes of the target live, for the words of a proof.
    var count: Int { struck.count { !$0.hasEnded } }

    func probeUndo() async -> Proof {
        let isBack = await scene.wait(milliseconds: Self.patienceMilliseconds) {
            group.map { !$0.exists } ?? true
                && struck.allSatisfy {
                    !ControlGroup.groups(of: $0.id).contains("loadgen-\(scene.run)-")
                }
        }
        return isBack
            ? .proven("no process is in a group of loadgen's")
            : .refuted("a process is still in a group of loadgen's")
    }
}
