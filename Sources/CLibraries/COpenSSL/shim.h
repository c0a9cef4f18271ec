#pragma once
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

// What OpenSSL has as macros or untyped callbacks, and the socket below a TLS connection.

/// No passphrase: a key that needs one is refused rather than asked for on the terminal.
static inline int loadgen_tls_no_passphrase(char *buffer, int size, int writes, void *context) {
    (void)buffer, (void)size, (void)writes, (void)context;
    return -1;
}

/// A fresh client context, or NULL.
static inline SSL_CTX *loadgen_tls_context(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context) SSL_CTX_set_default_passwd_cb(context, loadgen_tls_no_passphrase);
    return context;
}

/// Sets the lowest and highest version, each 0 for the system's; 0 where one is not taken.
static inline int loadgen_tls_set_versions(SSL_CTX *context, int least, int most) {
    return (least == 0 || SSL_CTX_set_min_proto_version(context, least))
        && (most == 0 || SSL_CTX_set_max_proto_version(context, most));
}

/// Reads from the socket as much as there is room for, writes without a copy kept for a retry, and
/// gives new sessions to `keep`.
static inline void loadgen_tls_prepare(
    SSL_CTX *context, int (*keep)(SSL *connection, SSL_SESSION *session)) {
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep);
}

static inline void loadgen_tls_note_end(const SSL *connection, int event, int value) {
    if (event != SSL_CB_READ_ALERT || (value & 0xFF) != SSL_AD_CLOSE_NOTIFY) return;
    *(int *)SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)) = 1;
}

/// Sets `has_ended` to 1 when the peer of a context's connection says close_notify.
static inline void loadgen_tls_watch_end(SSL_CTX *context, int *has_ended) {
    SSL_CTX_set_app_data(context, has_ended);
    SSL_CTX_set_info_callback(context, loadgen_tls_note_end);
}

/// Sets who a connection belongs to.
static inline void loadgen_tls_set_owner(SSL *connection, void *owner) {
    SSL_set_app_data(connection, owner);
}

/// Who a connection belongs to.
static inline void *loadgen_tls_owner(SSL *connection) { return SSL_get_app_data(connection); }

/// The socket below one connection, and what its last system calls came to.
struct loadgen_tls_socket {
    int descriptor;
    /// The errno of a call that failed, or 0.
    int error;
    /// A read has found less than it had room for: the next edge tells of more.
    int is_drained;
    /// The peer has sent its last: a short read has not found the end, so reading goes on to it.
    int reads_to_end;
    /// The peer has closed its side.
    int is_ended;
    /// Bytes have left since it was last cleared.
    int has_sent;
};

static inline int loadgen_tls_socket_read(BIO *bio, char *buffer, int size) {
    struct loadgen_tls_socket *socket = (struct loadgen_tls_socket *)BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (socket->is_drained) {
        BIO_set_retry_read(bio);
        return -1;
    }
    ssize_t count;
    do count = recv(socket->descriptor, buffer, (size_t)size, 0);
    while (count < 0 && errno == EINTR);
    if (count > 0) {
        socket->is_drained = count < size && !socket->reads_to_end;
    } else if (count == 0) {
        socket->is_ended = 1;
    } else if (errno == EAGAIN) {
        socket->is_drained = 1;
        BIO_set_retry_read(bio);
    } else {
        socket->error = errno;
    }
    return (int)count;
}

static inline int loadgen_tls_socket_write(BIO *bio, const char *bytes, int size) {
    struct loadgen_tls_socket *socket = (struct loadgen_tls_socket *)BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t count;
    do count = send(socket->descriptor, bytes, (size_t)size, MSG_NOSIGNAL);
    while (count < 0 && errno == EINTR);
    if (count > 0) {
        socket->has_sent = 1;
    } else if (count < 0 && errno == EAGAIN) {
        BIO_set_retry_write(bio);
    } else if (count < 0) {
        socket->error = errno;
    }
    return (int)count;
}

static inline long loadgen_tls_socket_control(BIO *bio, int command, long number, void *pointer) {
    (void)number, (void)pointer;
    struct loadgen_tls_socket *socket = (struct loadgen_tls_socket *)BIO_get_data(bio);
    if (command == BIO_CTRL_EOF) return socket->is_ended;
    return command == BIO_CTRL_FLUSH;
}

/// The way to sockets that `loadgen_tls_connection` takes, or NULL; made once.
static inline BIO_METHOD *loadgen_tls_socket_method(void) {
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "loadgen socket");
    if (!method) return NULL;
    BIO_meth_set_read(method, loadgen_tls_socket_read);
    BIO_meth_set_write(method, loadgen_tls_socket_write);
    BIO_meth_set_ctrl(method, loadgen_tls_socket_control);
    return method;
}

/// A client connection over a socket, which must outlive it; or NULL.
static inline SSL *loadgen_tls_connection(
    SSL_CTX *context, BIO_METHOD *method, struct loadgen_tls_socket *socket) {
    SSL *connection = SSL_new(context);
    BIO *bio = connection ? BIO_new(method) : NULL;
    if (!bio) {
        SSL_free(connection);
        return NULL;
    }
    BIO_set_data(bio, socket);
    BIO_set_init(bio, 1);
    SSL_set_bio(connection, bio, bio);
    SSL_set_connect_state(connection);
    return connection;
}

/// A client connection inside another one, as through a tunnel of a proxy that speaks TLS; the outer
/// one must outlive it. Or NULL.
static inline SSL *loadgen_tls_connection_within(SSL_CTX *context, SSL *outer) {
    SSL *connection = SSL_new(context);
    BIO *bio = connection ? BIO_new(BIO_f_ssl()) : NULL;
    if (!bio) {
        SSL_free(connection);
        return NULL;
    }
    BIO_set_ssl(bio, outer, BIO_NOCLOSE);
    SSL_set_bio(connection, bio, bio);
    SSL_set_connect_state(connection);
    return connection;
}

/// Names the server that is asked for; 1 where it is taken.
static inline int loadgen_tls_set_server_name(SSL *connection, const char *name) {
    return (int)SSL_set_tlsext_host_name(connection, name);
}
