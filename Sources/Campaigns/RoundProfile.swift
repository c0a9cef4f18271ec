public import Profiles
import Statistics

/// A profile made short: every phase keeps its shape and its rate, and takes less time.
public enum RoundProfile {
    /// What warm-ups take of a round, at most.
    private static let warmUpShare = 0.2

    /// The profile with its judged phases `seconds` long in all, and its warm-ups at most a fifth
    /// of that.
    public static func shortened(_ profile: Profile, to seconds: Double) -> Profile {
        var profile = profile
        scale(&profile, isJudged: true, to: seconds, isLonger: true)
        scale(&profile, isJudged: false, to: seconds * warmUpShare, isLonger: false)
        return profile
    }

    private static func scale(
        _ profile: inout Profile, isJudged: Bool, to seconds: Double, isLonger: Bool
    ) {
        let chosen = profile.load.indices.filter { profile.load[$0].isJudged == isJudged }
        let total = chosen.reduce(0) { $0 + profile.load[$1].duration.inSeconds }
        guard total > 0, isLonger || total > seconds else { return }
        for index in chosen {
            let nanoseconds = profile.load[index].duration.inSeconds * seconds / total * 1e9
            profile.load[index].duration = .nanoseconds(
                Int64(clamping: max(1e6, nanoseconds.rounded())))
            profile.load[index].delay = profile.load[index].delay * (seconds / total)
            profile.load[index].model = profile.load[index].model.stretched(by: seconds / total)
        }
    }
}
