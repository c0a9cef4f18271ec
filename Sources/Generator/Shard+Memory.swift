import Exchanges
import Glibc
import JSON
import Measurements
import Requests

extension Shard {
    /// The longest value that is saved, in bytes.
    private static let maximumSavedBytes = 1 << 20
    /// A value's memory above this is given back before the next one.
    private static let maximumReusedBytes = 64 << 10
    /// Bodies up to this size are parsed whatever comes of them.
    private static let smallJSONBytes = 16 << 10

    /// Keeps a value for later steps of the iteration; a problem where it is too large.
    func keep(
        _ value: some Collection<UInt8>, as variable: Int, of user: VirtualUser
    ) -> AnswerProblem? {
        clear(variable, of: user)
        guard value.count <= Self.maximumSavedBytes else {
            return AnswerProblem(
                .wrongContent,
                "the value to save has more than \(Self.maximumSavedBytes) bytes")
        }
        let hasRoom = memory.grow(
            &user.variables[variable], by: value.count, reserved: &user.variablesReserved[variable])
        guard hasRoom else { return .overBudget }
        user.variables[variable].append(contentsOf: value)
        return nil
    }

    /// Empties a variable.
    func clear(_ variable: Int, of user: VirtualUser) {
        guard user.variablesReserved[variable] > Self.maximumReusedBytes else {
            return user.variables[variable].removeAll(keepingCapacity: true)
        }
        user.variables[variable] = []
        memory.release(user.variablesReserved[variable])
        user.variablesReserved[variable] = 0
    }

    /// Takes the cookies of an answer; a problem where there is no memory for them, and then the
    /// user has none.
    func takeCookies(of user: VirtualUser) -> AnswerProblem? {
        let exchange = user.exchange
        let path = RequestLine.path(of: exchange.request)
        guard user.jar.take(from: exchange.headers, path: path) else { return nil }
        memory.release(user.cookiesReserved)
        user.cookiesReserved = 0
        let size = user.jar.sizeBytes
        guard memory.reserve(size) else {
            user.jar.removeAll()
            return .overBudget
        }
        user.cookiesReserved = size
        return nil
    }

    /// Does what parses an answer's body as JSON, with the memory for that; false, and nothing is
    /// done, where there is too little.
    func parsing(_ exchange: Exchange, _ step: CompiledStep, _ work: () -> Void) -> Bool {
        guard step.readsJSON, exchange.body.count > Self.smallJSONBytes else {
            work()
            return true
        }
        let size = JSONValue.maximumBytes(parsing: exchange.body)
        guard memory.reserve(size) else { return false }
        work()
        memory.release(size)
        return true
    }
}
