import Statistics
import Testing

@Suite struct ClampingTests {
    @Test(arguments: [
        (0.0, 0), (-0.0, 0), (2.9, 2), (-2.9, -2), (1e18, 1_000_000_000_000_000_000),
        (9.3e18, Int.max), (-9.3e18, Int.min), (.infinity, Int.max), (-.infinity, Int.min),
        (.nan, 0),
    ])
    func `a value is the integer nearest to it toward zero`(value: Double, integer: Int) {
        #expect(Int(clamping: value) == integer)
    }

    @Test func `what is below zero is zero without a sign`() {
        #expect(UInt64(clamping: -1.0) == 0 && UInt64(clamping: 0x1p64) == .max)
        #expect(UInt64(clamping: 0x1.fffffffffffffp63) == 18_446_744_073_709_549_568)
    }
}
