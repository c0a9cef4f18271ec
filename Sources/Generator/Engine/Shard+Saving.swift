import Contracts
import Exchanges
import JSON
import Measurements
import Requests

extension Shard {
    // MARK: What is kept

    func save(
        _ saves: [CompiledStep.Save], _ user: VirtualUser, _ json: inout JSONValue?
    ) {
        let exchange = user.exchange
        for save in saves {
            clear(save.variable, of: user)
            let problem: AnswerProblem?
            switch save.source {
            case .header(let name):
                guard let index = exchange.headers.firstIndex(of: name) else {
                    let name = String(decoding: name, as: UTF8.self)
                    return mark(
                        exchange, .wrongContent, "no header field \(name) to save a value from",
                        check: "no header field \(name)")
                }
                problem = keep(exchange.headers.value(at: index), as: save.variable, of: user)
            case .expression(let expression):
                let place = exchange.body.withUnsafeBufferPointer { expression.firstMatch(in: $0) }
                guard let place else {
                    return mark(
                        exchange, .wrongContent,
                        "the body does not match \(expression.text), which saves a value",
                        check: "nothing to save")
                }
                problem = keep(exchange.body[place], as: save.variable, of: user)
            case .path(let path):
                guard let root = parsed(&json, exchange) else {
                    return mark(
                        exchange, .wrongContent, "the body to save a value from is not JSON",
                        check: "not JSON")
                }
                guard let value = path.value(in: root) else {
                    return mark(
                        exchange, .wrongContent, "the body has nothing at \(path)",
                        check: "nothing at \(path)")
                }
                problem = keep((value.string ?? value.text).utf8, as: save.variable, of: user)
            }
            if let problem { return mark(exchange, problem) }
        }
    }
}
