import Testing

@testable import Statistics

@Suite struct CapacityTests {
    private let loads = [1.0, 2, 4, 8, 16, 32, 64, 128]

    private func points(_ law: ScalabilityLaw) -> [ScalabilityFit.Point] {
        loads.map {
            ScalabilityFit.Point(concurrency: $0, throughput: law.throughput(at: $0))
        }
    }

    @Test func `a law without noise comes back`() throws {
        var random = SeededRandom(seed: 71)
        for _ in 0..<30 {
            let law = ScalabilityLaw(
                rate: random.nextUniform(in: 1..<5_000),
                contention: random.nextUniform(in: 0.001..<0.5),
                coherency: random.nextUniform(in: 1e-5..<0.01))
            let fit = try #require(ScalabilityFit(points(law)))
            #expect(abs(fit.law.rate / law.rate - 1) < 1e-6, "\(law), seed 71")
            #expect(abs(fit.law.contention - law.contention) < 1e-6, "\(law), seed 71")
            #expect(abs(fit.law.coherency - law.coherency) < 1e-7, "\(law), seed 71")
        }
    }

    @Test func `prices that are not there are at their bounds`() throws {
        let linear = try #require(
            ScalabilityFit(points(ScalabilityLaw(rate: 10, contention: 0, coherency: 0))))
        #expect(linear.law.contention == 0 && linear.law.coherency == 0)
        #expect(linear.contention == nil && linear.coherency == nil)
        #expect(linear.law.peakConcurrency == nil && linear.law.limit == nil)
        #expect(linear.degreesOfFreedom == 7)
        let serial = try #require(
            ScalabilityFit(points(ScalabilityLaw(rate: 10, contention: 1, coherency: 0))))
        #expect(abs(serial.law.contention - 1) < 1e-9)
    }

    @Test func `no law nearby fits better`() throws {
        var random = SeededRandom(seed: 72)
        for _ in 0..<15 {
            let law = ScalabilityLaw(
                rate: 100, contention: random.nextUniform(in: 0..<0.1),
                coherency: random.nextUniform(in: 0..<0.001))
            let noisy = points(law).map {
                ScalabilityFit.Point(
                    concurrency: $0.concurrency,
                    throughput: $0.throughput * (1 + 0.05 * random.nextNormal()))
            }
            let fit = try #require(ScalabilityFit(noisy))
            for _ in 0..<40 {
                let other = ScalabilityLaw(
                    rate: fit.law.rate * (1 + 0.01 * random.nextNormal()),
                    contention: min(1, abs(fit.law.contention + 0.003 * random.nextNormal())),
                    coherency: abs(fit.law.coherency + 3e-5 * random.nextNormal()))
                let squares = noisy.reduce(0) { sum, point in
                    let residual = point.throughput - other.throughput(at: point.concurrency)
                    return sum + residual * residual
                }
                #expect(squares >= fit.residualSquares * (1 - 1e-9), "seed 72")
            }
        }
    }

    @Test func `intervals hold the truth as often as they say`() {
        let simulation = Simulation(seed: 73, runs: 60)
        let law = ScalabilityLaw(rate: 100, contention: 0.05, coherency: 5e-4)
        let misses = simulation.count { random in
            let noisy = points(law).map {
                ScalabilityFit.Point(
                    concurrency: $0.concurrency,
                    throughput: $0.throughput + 20 * random.nextNormal())
            }
            guard let interval = ScalabilityFit(noisy)?.coherency?.interval else { return true }
            return !interval.contains(5e-4)
        }
        #expect(misses <= 9, "\(misses) of 60; seed \(simulation.seed)")
    }

    @Test func `what speaks against a fit is said`() throws {
        let short = try #require(
            ScalabilityFit(
                Array(points(ScalabilityLaw(rate: 9, contention: 0.1, coherency: 0)).prefix(4))))
        #expect(short.cautions.contains(.fewLoads) && short.cautions.contains(.peakNotIdentified))
        #expect(short.largestBelievable == 12)
        #expect(ScalabilityFit([]) == nil)
        let one = ScalabilityFit.Point(concurrency: 1, throughput: 5)
        #expect(ScalabilityFit([one, one, one]) == nil)
    }

    @Test func `one server waits as the closed form says, and several as the table`() throws {
        for load in [0.1, 0.5, 0.95] {
            let queue = Queue(servers: 1, load: load)
            #expect(abs(queue.waitProbability - load) < 1e-14)
            #expect(abs(try #require(queue.meanWait) - load / (1 - load)) < 1e-12)
        }
        let table = [(1, 0.12), (2, 0.35), (4, 0.58), (8, 0.75), (16, 0.86), (32, 0.92)]
        for (servers, utilisation) in table {
            let highest = Queue.highestUtilisation(servers: servers, quantile: 0.95, services: 1)
            #expect(abs(highest - utilisation) < 0.006, "\(servers): \(highest)")
        }
        #expect(Queue(servers: 2, load: 2).meanWait == nil)
        #expect(Queue(servers: 3, load: 0).wait(quantile: 0.99) == 0)
    }

    @Test func `whole quotients are not rounded up`() {
        for instances in 1...200 {
            let plan = InstancePlan(
                target: Double(instances) * 700 * 0.7, perInstance: 700, peakFactor: 1,
                utilisation: 0.7, spare: 0)
            #expect(plan.needed == instances)
        }
        for zones in 2...5 {
            for needed in 0...30 {
                let plan = InstancePlan.zones(zones, needed: needed)
                #expect(plan.perZone * (zones - 1) >= needed)
                #expect((plan.perZone - 1) * (zones - 1) < max(1, needed))
            }
        }
    }
}
