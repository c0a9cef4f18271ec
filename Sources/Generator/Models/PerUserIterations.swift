/// Users that each do a number of iterations, or as many as the phase has time for.
final class PerUserIterations: ClosedModel {
    let userCount: Int
    private let iterations: Int

    init(users: Int, iterations: Int) {
        userCount = users
        self.iterations = iterations
    }

    func begins(_ user: Int, completed: Int, elapsed: UInt64) -> Bool { completed < iterations }
}
