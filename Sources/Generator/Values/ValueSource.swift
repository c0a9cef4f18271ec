import Glibc
import Profiles
import Requests
import Statistics

/// Values made up while the load runs; one shard's, confined to its loop.
///
/// Unique ids and the time are new in every run. Everything else is drawn from the profile's seed
/// and the iteration's number, so that both give the same values again.
struct ValueSource {
    private let seed: UInt64
    private var unique: SeededRandom
    private var mix: SeededRandom
    private let tables: [DataTable]
    /// Which row of each feed is next.
    private var cursors: [FeedCursor]

    /// How many values checked steps have sent, and of what they are made.
    private var checkedCount: UInt64 = 0
    private let share: LoadShare
    private let run: UInt64

    /// The values of one shard.
    init(_ plan: GeneratorPlan, share: LoadShare) {
        seed = plan.seed
        self.share = share
        run = UInt64(plan.run >> 16)
        var system = SystemRandomNumberGenerator()
        unique = SeededRandom(seed: system.next())
        mix = SeededRandom(seed: plan.seed ^ 0xC105_ED00_0000_0000 &+ UInt64(share.index))
        tables = plan.feeds.map(\.table)
        cursors = plan.feeds.map { FeedCursor($0, seed: plan.seed, share: share) }
    }

    /// The index of a scenario, by weight.
    mutating func drawScenario(_ count: Int, weights: [Int]) -> Int {
        guard count > 1 else { return 0 }
        var left = Int(mix.next(below: UInt64(weights.reduce(0, +))))
        for index in 0..<count {
            left -= weights[index]
            if left < 0 { return index }
        }
        return count - 1
    }

    /// Gets a user ready for an iteration: its number, its random numbers, its rows.
    ///
    /// False where a feed that gives each row once has none left; then nothing is taken.
    mutating func begin(_ user: VirtualUser, _ scenario: CompiledScenario, number: UInt64) -> Bool {
        user.iteration = number
        if scenario.isRandom {
            // Apart from the streams of the schedule, which begin at multiples of another constant.
            user.random = SeededRandom(seed: seed ^ 0x5CE4_A210 &+ number &* 0xD134_2543_DE82_EF95)
        }
        for feed in scenario.feeds where cursors[feed].isUsedUp { return false }
        for feed in scenario.feeds {
            user.rows[feed] = cursors[feed].next(userNumber: user.number, random: &user.random)
        }
        return true
    }

    /// A value that no other write of the run has: the run in 16 bits, the highest of them set, and
    /// in 37 the shard and a number that counts up.
    ///
    /// It has 53 bits, which an API that takes numbers for floating-point ones keeps.
    private mutating func nextCheckedValue() -> UInt64 {
        checkedCount += 1
        let number = checkedCount * UInt64(share.count) + UInt64(share.index)
        return (run | 1 << 15) << 37 | number & (1 << 37 - 1)
    }

    /// Appends what fills a slot.
    mutating func append(
        _ slot: Template.Slot, _ encoding: ByteEncoding, for user: VirtualUser,
        to output: inout [UInt8]
    ) {
        switch slot {
        case .variable(let index):
            user.variables[index].withUnsafeBufferPointer { output.append($0, as: encoding) }
        case .column(let feed, let column):
            tables[feed].withCell(row: user.rows[feed], column: column) {
                output.append($0, as: encoding)
            }
        case .iteration: output.appendDecimal(user.iteration)
        case .user: output.appendDecimal(UInt64(user.number))
        case .uuid: appendUUID(to: &output)
        case .integer(let least, let count):
            output.appendDecimal(least &+ Int64(bitPattern: user.random.next(below: count)))
        case .string(let count): user.random.appendCharacters(count, to: &output)
        case .timestamp: output.appendDecimal(WallClock.now.seconds)
        case .timestampMilliseconds:
            let (seconds, nanoseconds) = WallClock.now
            output.appendDecimal(seconds * 1000 + nanoseconds / 1_000_000)
        case .iso: WallClock.appendISO(to: &output, isEncoded: encoding == .percent)
        case .checkedKey:
            user.checked.key.withUnsafeBufferPointer { output.append($0, as: encoding) }
        case .checkedNext:
            user.checked.next.withUnsafeBufferPointer { output.append($0, as: encoding) }
        case .checkedValue:
            user.checked.written = nextCheckedValue()
            output.appendDecimal(user.checked.written)
        case .cookies: user.jar.appendField(to: &output)
        case .none, .contentLength: break
        }
    }

    /// A version 4 UUID in its 36 characters.
    private mutating func appendUUID(to output: inout [UInt8]) {
        let digits: StaticString = "0123456789abcdef"
        let start = digits.utf8Start
        let high = unique.next() & ~0xF000 | 0x4000
        let low = unique.next() & ~(0xC << 60) | 0x8 << 60
        for position in 0..<32 {
            if position == 8 || position == 12 || position == 16 || position == 20 {
                output.append(UInt8(ascii: "-"))
            }
            let word = position < 16 ? high : low
            output.append(start[Int(word >> UInt64(60 - position % 16 * 4) & 15)])
        }
    }
}

extension SeededRandom {
    /// A number from 0 to below `bound`, each alike to one part in 2^64; any for a bound of 0.
    mutating func next(below bound: UInt64) -> UInt64 {
        bound == 0 ? next() : next().multipliedFullWidth(by: bound).high
    }

    /// Appends letters and digits, ten from each draw of 64 bits.
    mutating func appendCharacters(_ count: Int, to output: inout [UInt8]) {
        let alphabet: StaticString =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        let start = alphabet.utf8Start
        var bits: UInt64 = 0
        for position in 0..<count {
            if position % 10 == 0 { bits = next() }
            let (character, rest) = bits.multipliedFullWidth(by: 62)
            output.append(start[Int(character)])
            bits = rest
        }
    }
}
