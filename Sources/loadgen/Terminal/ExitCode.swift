/// What loadgen's exit code means.
enum ExitCode: Int32 {
    case pass = 0
    case failure = 1
    case fail = 2
    case inconclusive = 3
    case invalid = 4
    case usage = 64
    case interrupted = 130
}
