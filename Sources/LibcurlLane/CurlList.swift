import CCurl

/// A list of texts as curl takes them; it must outlive the transfers that use it.
final class CurlList {
    private(set) var head: UnsafeMutablePointer<curl_slist>?

    /// A list of texts.
    init(_ texts: [String] = []) {
        for text in texts { append(text) }
    }

    deinit { curl_slist_free_all(head) }

    /// Adds a text at the end.
    func append(_ text: String) {
        guard let longer = curl_slist_append(head, text) else {
            preconditionFailure("out of memory")
        }
        head = longer
    }
}
