/// A reference that is not counted, for an object that something else keeps alive meanwhile.
///
/// Counting is atomic; on the path of a request a dozen of such counts are a tenth of the work.
public struct Uncounted<Object: AnyObject> {
    private let reference: Unmanaged<Object>

    /// A reference to `object`, whose owner must outlive every call of `with`.
    @inline(__always)
    public init(_ object: Object) { reference = .passUnretained(object) }

    /// Lends the object to `body`.
    @inline(__always)
    public func with<Result>(_ body: (Object) -> Result) -> Result {
        reference._withUnsafeGuaranteedRef(body)
    }

    /// Whether it is this very object.
    @inline(__always)
    public func isSame(as object: Object) -> Bool {
        reference.toOpaque() == Unmanaged.passUnretained(object).toOpaque()
    }
}

extension Uncounted: Sendable where Object: Sendable {}
