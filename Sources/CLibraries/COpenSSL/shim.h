#pragma once
#include <openssl/err.h>
#include <openssl/ssl.h>

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
