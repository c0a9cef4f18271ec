import EventLoops
import JSON

extension Node {
    /// What became of a request: its place in the metrics, the fault that is due to its answer, and
    /// the answer where it is there at once.
    struct Served {
        var route = Metrics.otherRoute
        var injection: Injection?
        var answer: Answer?
    }

    /// Answers a request, at once or later through `responder`; on a loop of the server.
    func serve(_ request: Request, isAdmin: Bool, _ responder: Responder) -> Served {
        var served = Served()
        switch router.match(request.method, request.path) {
        case .unknown:
            (served.route, served.answer) =
                (isAdmin ? injections(request) : nil) ?? outside(request) ?? (
                    Metrics.otherRoute, Refusal(404, "there is no such path").answer
                )
        case .otherMethods(let methods):
            served.answer = Self.otherMethod(methods)
        case .operation(let route, let segments):
            served.route = route.index
            served.injection = injector.decide(route.index)
            if isAdmin, let text = request.injection {
                do throws(Refusal) { served.injection = try Injection(header: text) } catch {
                    served.answer = error.answer
                    return served
                }
            }
            do throws(Refusal) {
                served.answer = try begin(
                    work(for: try Call(route, segments, request)), responder)
            } catch { served.answer = error.answer }
        }
        return served
    }

    static func otherMethod(_ methods: [String]) -> Answer {
        let names = methods.joined(separator: ", ")
        var answer = Refusal(405, "this path takes \(names)").answer
        answer.allow = names
        return answer
    }

    /// The answer where it is there at once.
    private func begin(_ work: Work, _ responder: Responder) throws(Refusal) -> Answer? {
        switch work {
        case .now(let answer): return answer
        case .job(let order):
            if !order.changesNothing, let reason = pressure.refusal {
                order.undo?()
                throw Refusal(503, reason)
            }
            try director.submit(order) { responder($0) }
        case .read(let body):
            let isTaken = storage.read { reader in
                do throws(Refusal) { responder(try reader.use(body)) } catch {
                    responder(error.answer)
                }
            }
            if !isTaken { throw Refusal.overload(of: "reads") }
        case .write(let body, let undo):
            do throws(Refusal) {
                try storage.submit(
                    Storage.Write(body: body) { result in
                        switch result {
                        case .success(let answer): responder(answer)
                        case .failure(let refusal):
                            undo()
                            responder(refusal.answer)
                        }
                    })
            } catch {
                undo()
                throw error
            }
        }
        return nil
    }

    /// Paths beside the API; `nil` for any other.
    private func outside(_ request: Request) -> (route: Int, answer: Answer)? {
        let path = request.path
        guard let place = Metrics.outsidePaths.firstIndex(of: path) else { return nil }
        let route = metrics.outsideRoute(place)
        guard request.method == "GET" || request.method == "HEAD" else {
            return (route, Self.otherMethod(["GET", "HEAD"]))
        }
        switch path {
        case "/healthz": return (route, .text("ok\n"))
        case "/readyz": return (route, readiness)
        default:
            return (
                route,
                Answer(
                    status: 200, contentType: "text/plain; version=0.0.4",
                    body: Array(metricsText.utf8))
            )
        }
    }
}
