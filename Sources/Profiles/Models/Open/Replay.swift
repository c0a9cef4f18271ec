public import JSON
import YAML

/// Open model, `replay`: the offsets of a recording.
public struct Replay: OpenModel {
    /// A file with a column of offsets, or the folder of an earlier run.
    public var path: String
    /// How much faster than recorded; 1 where it is missing.
    public var speed: Double

    /// Not known before it is read.
    public var highestRate: Rate? { Rate(perSecond: 0) }

    /// As they were recorded.
    public var arrivals: Arrivals? { nil }

    /// A recording has no rate.
    public func intensity(in phase: Phase) -> (any Intensity)? { nil }

    /// It is one.
    public var recording: Replay? { self }
}

extension Replay: WrittenModel {
    static let keys = ["replay"]
    static let spacesArrivals = false

    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self? {
        guard let node = text["replay"] else { return nil }
        if let path = node.text { return Replay(path: path, speed: 1) }
        decoder.check(node, "a replay", keys: ["file", "speed"])
        let speed = decoder.number(
            node["speed"], Double.self, "a number above 0, at most 1000",
            where: { $0 > 0 && $0 <= 1000 })
        guard let path = decoder.text(node["file"]) else {
            decoder.problems.add(
                node.position, "a replay needs file: a file of offsets or a run's folder")
            return nil
        }
        return Replay(path: path, speed: speed ?? 1)
    }

    /// `replay`.
    public var json: [JSONValue.Member] {
        let keys: [JSONValue.Member] = [
            .init("file", .string(path)), .init("speed", .number(speed)),
        ]
        return [.init("replay", .object(keys))]
    }
}
