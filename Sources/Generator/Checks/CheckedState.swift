/// What a user has in hand of its checked scenario.
struct CheckedState {
    /// The key of the present iteration, and its number in the journal.
    var key: [UInt8] = []
    var number: UInt32 = 0
    /// The value that the last write sent.
    var written: UInt64 = 0
    /// What the last right answer held: the value of a register, or the events of a page.
    var read: UInt64 = 0
    var page: [UInt64] = []
    /// Whether the last page was the last of its log.
    var isEnd = false
    /// The mark of the next page.
    var next: [UInt8] = []
    /// The number of the present list; `nil` if it is not recorded.
    var list: UInt16?
    /// The pages of the present list so far.
    var pages = 0
}
