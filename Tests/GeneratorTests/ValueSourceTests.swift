import Foundation
import Profiles
import Statistics
import Testing

@testable import Generator
@testable import Requests

@Suite struct ValueSourceTests {
    private let plan: GeneratorPlan

    init() throws {
        plan = try FakeRun.plan(
            try FakeRun.profile(
                "contract: none\nscenarios: [{ s: { steps: [{ request: { url: / } }] } }]"))
    }

    private func text(_ slot: Template.Slot, _ user: VirtualUser = VirtualUser(number: 3)) throws
        -> String
    {
        var output: [UInt8] = []
        var values = ValueSource(plan, share: LoadShare(index: 0, count: 1))
        values.append(slot, .verbatim, for: user, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `a UUID is of version 4 and new each time`() throws {
        let ids = try (0..<1000).map { _ in try text(.uuid) }
        #expect(Set(ids).count == 1000)
        let form = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        #expect(ids.allSatisfy { $0.wholeMatch(of: form) != nil })
    }

    /// Chi squared with 9 degrees of freedom is above 27.9 once in a thousand.
    @Test func `integers are spread over their range, both ends included`() throws {
        let user = VirtualUser(number: 1)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 {
            let number = try #require(Int(try text(.integer(least: -4, count: 10), user)))
            counts[number + 4] += 1
        }
        let chi = counts.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
        #expect(chi < 27.9, "\(counts)")
    }

    @Test func `the widest range of integers has every number`() throws {
        let user = VirtualUser(number: 1)
        let numbers = try (0..<100).map { _ in
            Int64(try text(.integer(least: .min, count: 0), user))
        }
        #expect(numbers.allSatisfy { $0 != nil } && Set(numbers).count == 100)
    }

    @Test func `strings have their length and only letters and digits, all of them`() throws {
        let user = VirtualUser(number: 1)
        for count in [1, 9, 10, 11, 64] { #expect(try text(.string(count), user).count == count) }
        let many = try text(.string(20_000), user)
        #expect(many.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        #expect(Set(many).count == 62)
    }

    @Test func `timestamps are the time of day`() throws {
        let before = Date().timeIntervalSince1970.rounded(.down)
        let seconds = try #require(Double(try text(.timestamp)))
        let milliseconds = try #require(Double(try text(.timestampMilliseconds)))
        let form = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let date = try form.parse(try text(.iso))
        let after = Date().timeIntervalSince1970
        for time in [seconds, milliseconds / 1000, date.timeIntervalSince1970] {
            #expect(time >= before && time <= after)
        }
    }

    /// Against Foundation's calendar: the days around leap years and the ends of centuries.
    @Test func `dates are those of the calendar`() throws {
        let form = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let days = [
            0, 58, 59, 364, 365, 789, 790, 10_956, 11_016, 11_017, 47_540, 47_541, 2_932_896,
        ]
        for day in days {
            for second in [0, 43_199, 86_399] {
                let seconds = day * 86_400 + second
                var output: [UInt8] = []
                WallClock.append(seconds: UInt64(seconds), milliseconds: 7, false, to: &output)
                let date = Date(timeIntervalSince1970: Double(seconds) + 0.0075)
                #expect(String(decoding: output, as: UTF8.self) == form.format(date))
            }
        }
    }

    @Test func `user and iteration are the user's`() throws {
        let user = VirtualUser(number: 7)
        user.iteration = 12_345_678_901
        #expect(try text(.user, user) == "7" && text(.iteration, user) == "12345678901")
    }
}
