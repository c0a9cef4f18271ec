/// Constant users that neither think nor keep a pace.
final class AsFastAsPossible: ClosedModel {
    let userCount: Int
    let ignoresDelays = true

    init(users: Int) { userCount = users }
}
