#pragma once
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>

/// What MHD_start_daemon needs, which is variadic and so out of Swift's reach.
struct moonbase_daemon_options {
    const struct sockaddr *address;
    unsigned int threads;
    unsigned int connection_limit;
    unsigned int idle_seconds;
    size_t memory_per_connection;
    unsigned int backlog;
    MHD_AccessHandlerCallback handler;
    MHD_RequestCompletedCallback completed;
    void *context;
};

static inline struct MHD_Daemon *moonbase_start_daemon(const struct moonbase_daemon_options *o) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, o->handler, o->context,
        MHD_OPTION_SOCK_ADDR, o->address, MHD_OPTION_THREAD_POOL_SIZE, o->threads,
        MHD_OPTION_CONNECTION_LIMIT, o->connection_limit, MHD_OPTION_CONNECTION_TIMEOUT,
        o->idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, o->memory_per_connection,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, o->backlog, MHD_OPTION_NOTIFY_COMPLETED, o->completed,
        o->context, MHD_OPTION_END);
}

/// The port that the daemon listens on, or 0.
static inline unsigned int moonbase_port(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

// Constants whose Swift names would depend on how the importer strips prefixes.
static const enum MHD_Result moonbase_yes = MHD_YES;
static const enum MHD_Result moonbase_no = MHD_NO;
static const enum MHD_ValueKind moonbase_header = MHD_HEADER_KIND;
static const enum MHD_ValueKind moonbase_argument = MHD_GET_ARGUMENT_KIND;
static const enum MHD_ResponseMemoryMode moonbase_copy = MHD_RESPMEM_MUST_COPY;
