import YAML

/// Faults that are switched on and off while the node runs; the admin port alone has them.
extension Node {
    private static let root = "/injections/"

    /// `PUT /injections/NAME` with a plan, whose times count from then, and `DELETE`; `nil` for any
    /// other path.
    func injections(_ request: Request) -> (route: Int, answer: Answer)? {
        guard request.path.hasPrefix(Self.root) else { return nil }
        let name = String(request.path.dropFirst(Self.root.count))
        do throws(Refusal) {
            return (Metrics.otherRoute, try answer(request, switching: name))
        } catch { return (Metrics.otherRoute, error.answer) }
    }

    private func answer(_ request: Request, switching name: String) throws(Refusal) -> Answer {
        guard (1...100).contains(name.count),
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        else { throw Refusal(400, "a name has 1 to 100 letters, digits and dashes") }
        switch request.method {
        case "PUT":
            do {
                let text = String(decoding: request.body, as: UTF8.self)
                try injector.switchOn(name, try InjectionPlan(parsing: text, file: "body"))
            } catch { throw Refusal(400, "\(error)") }
        case "DELETE": injector.switchOff(name)
        default: return Self.otherMethod(["DELETE", "PUT"])
        }
        return .text("ok\n")
    }
}
