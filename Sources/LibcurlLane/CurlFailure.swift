import CCurl
import EventLoops
import Exchanges
import Measurements

/// What an error of libcurl says about a request.
enum CurlFailure {
    /// The connection ended in the middle of an answer.
    static let closedEarly = (
        outcome: Outcome.reset,
        detail: "the peer closed the connection before the answer was whole"
    )

    /// The peer kept the loop from everything else.
    static let endless = (
        outcome: Outcome.malformed,
        detail: "the peer sent without end, faster than it could be read; its connection was closed"
    )

    /// The outcome and a sentence for it.
    ///
    /// - Parameters:
    ///   - words: libcurl's own.
    ///   - problem: what the lane did not take, where that ended it.
    ///   - systemError: the errno of a failed connection, or 0.
    static func describe(
        _ code: CURLcode, words: String, problem: AnswerProblem?, systemError: Int32
    ) -> (outcome: Outcome, detail: String) {
        if let problem { return (problem.outcome, problem.detail) }
        switch code {
        case CURLE_COULDNT_CONNECT where systemError != 0:
            let error = SystemCallError(call: "connect", number: systemError)
            return (.refused, error.description)
        case CURLE_OPERATION_TIMEDOUT: return (.timeout, words)
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE:
            return closedEarly
        case CURLE_ABORTED_BY_CALLBACK:
            return (
                .reset,
                "the peer closed a connection in use before it answered; a request that it may "
                    + "have received is not sent twice"
            )
        case CURLE_RECV_ERROR where words.hasPrefix("CONNECT tunnel failed"):
            return (.refused, "the proxy opens no way to the target: \(words)")
        case CURLE_RECV_ERROR where words.hasSuffix("chunked-encoding"):
            return (.malformed, "not an HTTP answer: \(words)")
        case CURLE_RECV_ERROR where words.hasPrefix("Too large response headers"):
            return (.malformed, "a head, with interim ones, that libcurl does not take: \(words)")
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND, CURLE_HTTP2_STREAM,
            CURLE_AGAIN:
            return (.reset, words)
        case CURLE_OUT_OF_MEMORY: return (.malformed, "a head that libcurl does not take: \(words)")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2,
            CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR, CURLE_TOO_MANY_REDIRECTS,
            CURLE_FILESIZE_EXCEEDED, CURLE_HTTP_RETURNED_ERROR, CURLE_BAD_FUNCTION_ARGUMENT:
            return (.malformed, "not an HTTP answer: \(words)")
        // A name without an address, no connection, no TLS handshake, a proxy that says no.
        default: return (.refused, words)
        }
    }
}
