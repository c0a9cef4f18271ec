/// A number of users that all begin with the phase and go on to its end.
final class ConstantUsers: ClosedModel {
    let userCount: Int

    init(users: Int) { userCount = users }
}
