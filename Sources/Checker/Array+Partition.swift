extension [Operation] {
    /// Moves the operations of a range for which `belongs` holds behind the others, in place.
    ///
    /// A slice's own `partition` would copy the array.
    ///
    /// - Returns: the index of the first of them; the range's end if there is none.
    mutating func partition(_ range: Range<Int>, by belongs: (Operation) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            if belongs(self[low]) {
                high -= 1
                swapAt(low, high)
            } else {
                low += 1
            }
        }
        return low
    }
}
