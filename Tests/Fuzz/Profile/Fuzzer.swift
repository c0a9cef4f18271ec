import Contracts
import Exchanges
import FuzzSupport
import JSON
import Requests
import Schedules
import Verdicts

@testable import Generator
@testable import Profiles

/// The contracts that need no file; read once.
private let contracts = made {
    Dictionary(
        uniqueKeysWithValues: try Contract.builtIn.map { ($0, try Contract(builtIn: $0)) })
}

/// What libFuzzer calls with each input: the text of a profile.
///
/// One that is refused says why, in a bounded number of lines. One that is taken is what its
/// evidence says it is, and goes up to its first requests, short of any network.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    let profile: Profile
    let contract: Contract
    do { (profile, contract) = try read(text) } catch {
        check((1...101).contains(error.problems.count), "\(error.problems.count) problems")
        check(error.problems.allSatisfy { !$0.message.isEmpty }, "a problem without a reason")
        return 0
    }
    let written = profile.json.text
    do {
        let again = try read(written).profile
        check(again == profile, "read back as another:\n\(written)\n\(again.json.text)")
    } catch { check(false, "not read back: \(error)\n\(written)") }
    let arrivals = Array(Schedule(profile).prefix(maximumArrivals))
    check(
        zip(arrivals, arrivals.dropFirst()).allSatisfy { $0.dueNanoseconds <= $1.dueNanoseconds },
        "an arrival is due before the one ahead of it")
    _ = Planner.plan(profile, arrivals: 1_000_000).map(\.sentence)
    if !hasFiles(profile) { render(profile, contract) }
    return 0
}

private let maximumArrivals = 100

private func read(
    _ text: String
) throws(ProfileError) -> (profile: Profile, contract: Contract) {
    var decoder = ProfileDecoder { name throws(ContractError) in
        guard let contract = contracts[name] else {
            throw ContractError(file: name, place: "", message: "no such contract")
        }
        return contract
    }
    return try decoder.decode(text, file: "profile", name: "fuzz")
}

/// Files that random names lead to are left alone.
private func hasFiles(_ profile: Profile) -> Bool {
    !profile.data.isEmpty
        || profile.scenarios.flatMap(\.requests).contains { step in
            switch step.body {
            case .file: true
            case .multipart(let parts):
                parts.contains { if case .file = $0.content { true } else { false } }
            default: false
            }
        }
}

/// Renders every request once, and looks whether it is one.
private func render(_ profile: Profile, _ contract: Contract) {
    // A variable of the environment that is not set is refused.
    guard
        let plan = try? GeneratorPlan(
            profile, contract: contract, authority: "h:1", prefix: contract.basePath)
    else { return }
    var values = ValueSource(plan, share: LoadShare(index: 0, count: 1))
    for scenario in plan.scenarios {
        let user = VirtualUser(number: 1)
        user.variables = [[UInt8]](
            repeating: Array("va\r\nl\"ue".utf8), count: scenario.variableCount)
        check(values.begin(user, scenario, number: 1), "no iteration begins")
        for step in scenario.steps {
            guard user.render(step, values: &values) == nil else { continue }
            checkRequest(user.exchange.request)
        }
    }
}

/// One head, whose lines are those of a request, and as long a body as it says.
private func checkRequest(_ bytes: [UInt8]) {
    func problem(_ what: String) -> String { "\(what):\n\(String(decoding: bytes, as: UTF8.self))" }
    let ends = bytes.indices.first { bytes[$0...].starts(with: "\r\n\r\n".utf8) }
    guard let end = ends else { return check(false, problem("no head")) }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
    let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    check(words.count == 3 && words[2] == "HTTP/1.1", problem("no request line"))
    let lengths = lines.dropFirst().filter { $0.lowercased().hasPrefix("content-length:") }
    let length = lengths.first.flatMap { Int($0.dropFirst("content-length: ".count)) } ?? 0
    check(lengths.count <= 1 && length == bytes.count - end - 4, problem("another length"))
    check(
        lines.dropFirst().allSatisfy { $0.utf8.contains(UInt8(ascii: ":")) && !$0.contains("\n") },
        problem("a line that is no field"))
}
