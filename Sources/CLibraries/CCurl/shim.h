#pragma once
// The checks are macros for callers in C; here the types are those of the parameters.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

// curl_easy_setopt and its kin are variadic and so out of Swift's reach: one function for each kind
// of value.

static inline CURLcode loadgen_curl_set_number(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode loadgen_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode loadgen_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode loadgen_curl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode loadgen_curl_set_list(
    CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

/// What every transfer calls, and what it is called with.
struct loadgen_curl_callbacks {
    curl_write_callback head;
    curl_write_callback body;
    curl_read_callback upload;
    curl_seek_callback rewind;
    curl_prereq_callback before_request;
    void *transfer;
    curl_opensocket_callback open_socket;
    curl_closesocket_callback close_socket;
    void *sockets;
};

static inline void loadgen_curl_set_callbacks(
    CURL *easy, const struct loadgen_curl_callbacks *callbacks) {
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callbacks->head);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, callbacks->transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callbacks->body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, callbacks->transfer);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, callbacks->upload);
    curl_easy_setopt(easy, CURLOPT_READDATA, callbacks->transfer);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callbacks->rewind);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, callbacks->transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callbacks->before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, callbacks->transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, callbacks->transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callbacks->open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, callbacks->transfer);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, callbacks->close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, callbacks->sockets);
}

/// Has a transfer call `prepare` with the SSL_CTX of a connection that it opens, and `context`.
static inline CURLcode loadgen_curl_set_tls_callback(
    CURL *easy, curl_ssl_ctx_callback prepare, void *context) {
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, context);
    return curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, prepare);
}

/// A place where several transfers keep the TLS sessions of their target, or NULL.
static inline CURLSH *loadgen_curl_shared_sessions(void) {
    CURLSH *share = curl_share_init();
    if (share) curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return share;
}

/// A figure of a transfer, or 0 where it has none.
static inline long loadgen_curl_number(CURL *easy, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

/// Likewise, of those in 64 bits.
static inline curl_off_t loadgen_curl_size(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

/// A text of a transfer, or NULL; valid until the transfer's next use.
static inline const char *loadgen_curl_text(CURL *easy, CURLINFO info) {
    char *value = NULL;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : NULL;
}

/// What CURLOPT_PRIVATE has kept.
static inline void *loadgen_curl_transfer(CURL *easy) {
    void *value = NULL;
    return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

static inline CURLMcode loadgen_curl_multi_set_number(
    CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline void loadgen_curl_multi_set_callbacks(
    CURLM *multi, curl_socket_callback socket, curl_multi_timer_callback timer, void *context) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}

/// The next transfer that has ended and how, or NULL.
static inline CURL *loadgen_curl_next_ended(CURLM *multi, CURLcode *code) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *code = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

// Macros with casts, which Swift does not import.
static const curl_socket_t loadgen_curl_bad_socket = CURL_SOCKET_BAD;
static const size_t loadgen_curl_abort_read = CURL_READFUNC_ABORT;
