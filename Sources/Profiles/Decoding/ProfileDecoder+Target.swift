import YAML

/// The target: a word, a URL, or a mapping that also says whose memory is read.
extension ProfileDecoder {
    private static let targetKeys = ["url", "command", "pid", "port", "probe"]

    mutating func target(_ node: YAMLNode?) -> Target {
        guard let node else { return .embedded }
        guard node.entries != nil else { return address(node) }
        check(node, "target", keys: Self.targetKeys)
        if let command = node["command"] {
            if node["url"] != nil {
                problems.add(
                    command.position, "target has url and command; give one, the other follows")
            }
            return .command(text(command) ?? "")
        }
        return address(node["url"])
    }

    private mutating func address(_ node: YAMLNode?) -> Target {
        guard let text = text(node), text != "embedded" else { return .embedded }
        // A URL has no space, and most commands have one.
        if text.contains(where: \.isWhitespace) { return .command(text) }
        if !text.hasPrefix("http://"), !text.hasPrefix("https://"), let node {
            problems.add(
                node.position,
                "\"\(text)\" is not a target; allowed: embedded, or a URL as in "
                    + "http://127.0.0.1:4343, or a mapping, as in { command: moonbase --port 0 }"
            )
        }
        return .url(text)
    }

    mutating func watch(_ node: YAMLNode?) -> Watch {
        var watch = Watch()
        guard let node, node.entries != nil else { return watch }
        watch.process = number(
            node["pid"], Int32.self, "the id of a process, above 0", where: { $0 > 0 })
        watch.port = number(
            node["port"], Int.self, "a TCP port from 1 to 65535",
            where: { (1...65_535).contains($0) })
        watch.probe = choice(node["probe"], "probe")
        if watch.process != nil, let port = node["port"] {
            problems.add(port.position, "give either pid or port: it says whose memory is read")
        }
        if watch.probe != nil, node["command"] == nil, let probe = node["probe"] {
            problems.add(
                probe.position,
                "the probe goes into what a command of the profile starts; give target.command, "
                    + "or start the target with loadgen exec")
        }
        return watch
    }
}
