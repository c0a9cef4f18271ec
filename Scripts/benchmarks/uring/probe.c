// What a request costs on one thread with epoll or io_uring: closed loop, or constant rate.
//
//     probe PORT SECONDS CONNECTIONS WORD...
//
// Every connection carries one small GET at a time to 127.0.0.1:PORT. Each answer has to be a 200
// with the body "pong", in one piece; anything else ends the program. It prints one JSON object.
// The words, for both:
//   rate=N        a request is due every 1/N s; without it, a closed loop
//   lazy          at a rate: sleep until a request is due, and only then look for answers
//   quickack=0|1, busypoll=US    TCP_QUICKACK, SO_BUSY_POLL
// For epoll, which is edge-triggered and sends after all answers of a turn, as EventLoop does:
//   level, at-once (send on each answer), events=N (most in a turn), pause=US (before each wait)
// For io_uring:
//   uring, defer (task work runs in enter), multishot (into a ring of buffers), files, ringfd
//   (registered), link, skip (no completion of a send), waitall, pollfirst, sendcall (send(2)),
//   wait=N within=US (completions to wait for, and for how long), op (a timer operation)

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 1024, BUFFER_BYTES = 1024, SUBMISSIONS = 2048 };
// What a completion is of, in the low bits of its user data; the connection's index is above them.
enum { OF_RECV, OF_SEND, OF_TIMER, KIND_BITS = 2, KIND_MASK = 3 };

static const char REQUEST[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
enum { REQUEST_BYTES = sizeof REQUEST - 1 };
static const char STATUS[] = "HTTP/1.1 200 ";
static const char BODY[] = "\r\n\r\npong";

// Counts by value with 32 steps an octave, so a quantile is at most 1/32 too low.
struct histogram {
    uint64_t count;
    uint64_t counts[64 * 32];
};

struct connection {
    int descriptor;
    uint64_t began;  // When its request was sent or, at a rate, was due.
    char buffer[BUFFER_BYTES];
};

static struct {
    long connections, events, pause, wait, within, rate, quickack, busypoll, uring, level, at_once,
        lazy, defer, multishot, files, ringfd, skip, waitall, pollfirst, link, sendcall, op;
} options = {.events = 256, .wait = 1, .quickack = -1};

static struct connection connections[MOST_CONNECTIONS];
static struct connection *free_connections[MOST_CONNECTIONS];  // Those that carry nothing.
static int free_count;
static uint64_t end, next_due, interval, turns;
static struct histogram latency, lag;

static void fail(const char *what, int number) {
    fprintf(stderr, "probe: %s: %s\n", what, strerror(number));
    exit(1);
}

static long check(const char *what, long result) {
    if (result < 0) fail(what, errno);
    return result;
}

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static struct timespec span(uint64_t ns) {
    return (struct timespec){(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
}

static void record(struct histogram *histogram, uint64_t value) {
    int shift = value < 64 ? 0 : 63 - __builtin_clzll(value) - 5;
    histogram->counts[(uint64_t)shift * 32 + (value >> shift)]++;
    histogram->count++;
}

static double quantile_us(const struct histogram *histogram, double share) {
    uint64_t rank = (uint64_t)(share * (double)histogram->count), seen = 0;
    for (uint64_t index = 0; index < 64 * 32; index++) {
        seen += histogram->counts[index];
        if (seen <= rank && seen < histogram->count) continue;
        uint64_t shift = index < 64 ? 0 : index / 32 - 1;
        return (double)((index - shift * 32) << shift) / 1000;
    }
    return 0;
}

static void take_answer(struct connection *connection, const char *bytes, long count) {
    const long tail = sizeof BODY - 1;
    if (count < tail || memcmp(bytes, STATUS, sizeof STATUS - 1) != 0 ||
        memcmp(bytes + count - tail, BODY, (size_t)tail) != 0)
        fail("an answer is not a 200 with pong", EPROTO);
    record(&latency, now_ns() - connection->began);
    free_connections[free_count++] = connection;
}

// Sends on the free connections all that is to be sent now.
static void send_due(void (*send_request)(struct connection *)) {
    for (uint64_t now; free_count > 0 && ((now = now_ns()) >= next_due || interval == 0);) {
        struct connection *connection = free_connections[--free_count];
        connection->began = interval > 0 ? next_due : now;
        if (interval > 0) record(&lag, now - next_due);
        next_due += interval;
        send_request(connection);
    }
}

// No time at all where a request is due; a connection that is awaited gives a turn of its own.
static uint64_t until_due(void) {
    uint64_t now = now_ns();
    return next_due > now ? next_due - now : free_count > 0 ? 0 : 1000000;
}

static void pause_ns(uint64_t ns) {
    struct timespec length = span(ns);
    clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL);
}

// epoll

static void send_by_call(struct connection *connection) {
    long count = send(connection->descriptor, REQUEST, REQUEST_BYTES, MSG_NOSIGNAL);
    if (check("send", count) != REQUEST_BYTES) fail("a request was sent in part", EPROTO);
}

static int wait_for_events(int epoll, struct epoll_event *events) {
    if (options.pause > 0) pause_ns((uint64_t)options.pause * 1000);
    if (interval == 0) return epoll_pwait2(epoll, events, (int)options.events, NULL, NULL);
    uint64_t left = until_due();
    if (options.lazy) pause_ns(left);
    struct timespec timeout = span(options.lazy ? 0 : left);
    return epoll_pwait2(epoll, events, (int)options.events, &timeout, NULL);
}

static void run_epoll(void) {
    static struct epoll_event events[MOST_CONNECTIONS];
    int epoll = (int)check("epoll_create1", epoll_create1(EPOLL_CLOEXEC));
    for (long index = 0; index < options.connections; index++) {
        struct epoll_event event = {.data.ptr = &connections[index]};
        event.events = options.level ? EPOLLIN : EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
        int descriptor = connections[index].descriptor;
        check("epoll_ctl", epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event));
    }
    for (; now_ns() < end; turns++) {
        send_due(send_by_call);
        int count = (int)check("epoll_pwait2", wait_for_events(epoll, events));
        for (int index = 0; index < count; index++) {
            struct connection *connection = events[index].data.ptr;
            if ((events[index].events & EPOLLIN) == 0) continue;
            long size = recv(connection->descriptor, connection->buffer, BUFFER_BYTES, 0);
            take_answer(connection, connection->buffer, check("recv", size));
            if (options.at_once) send_due(send_by_call);
        }
    }
}

// io_uring

static struct io_uring ring;
static struct io_uring_buf_ring *buffer_ring;  // With multishot: the kernel picks from these.
static char (*ring_buffers)[BUFFER_BYTES];

// Takes what liburing returns: an error's number is negative.
static void done(const char *what, int result) {
    if (result < 0) fail(what, -result);
}

static struct io_uring_sqe *submission(void) {
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    if (sqe == NULL) fail("the submission queue is full", EBUSY);
    return sqe;
}

static int descriptor_of(const struct connection *connection) {
    return options.files ? (int)(connection - connections) : connection->descriptor;
}

static void finish_submission(struct io_uring_sqe *sqe, const struct connection *connection,
                              unsigned kind, unsigned flags) {
    sqe->flags |= (__u8)(flags | (options.files ? IOSQE_FIXED_FILE : 0));
    io_uring_sqe_set_data64(sqe, (uint64_t)(connection - connections) << KIND_BITS | kind);
}

static void receive_by_ring(struct connection *connection) {
    struct io_uring_sqe *sqe = submission();
    if (options.multishot)  // Into buffers of group 0.
        io_uring_prep_recv_multishot(sqe, descriptor_of(connection), NULL, 0, 0);
    else
        io_uring_prep_recv(sqe, descriptor_of(connection), connection->buffer, BUFFER_BYTES, 0);
    if (options.pollfirst) sqe->ioprio |= IORING_RECVSEND_POLL_FIRST;
    finish_submission(sqe, connection, OF_RECV, options.multishot ? IOSQE_BUFFER_SELECT : 0);
}

static void send_by_ring(struct connection *connection) {
    if (options.sendcall) {
        send_by_call(connection);
    } else {
        struct io_uring_sqe *sqe = submission();
        int flags = MSG_NOSIGNAL | (options.waitall ? MSG_WAITALL : 0);
        io_uring_prep_send(sqe, descriptor_of(connection), REQUEST, REQUEST_BYTES, flags);
        unsigned quiet = options.skip ? IOSQE_CQE_SKIP_SUCCESS : 0;
        finish_submission(sqe, connection, OF_SEND, quiet | (options.link ? IOSQE_IO_LINK : 0));
    }
    if (!options.multishot) receive_by_ring(connection);
}

static void return_buffer(int identifier) {
    io_uring_buf_ring_add(buffer_ring, ring_buffers[identifier], BUFFER_BYTES,
                          (unsigned short)identifier, io_uring_buf_ring_mask(MOST_CONNECTIONS), 0);
    io_uring_buf_ring_advance(buffer_ring, 1);
}

static void set_up_buffers(void) {
    size_t size = MOST_CONNECTIONS * sizeof(struct io_uring_buf);
    ring_buffers = calloc(MOST_CONNECTIONS, BUFFER_BYTES);
    if (ring_buffers == NULL || posix_memalign((void **)&buffer_ring, 4096, size) != 0)
        fail("buffers", ENOMEM);
    memset(buffer_ring, 0, size);
    struct io_uring_buf_reg registration = {
        .ring_addr = (uint64_t)(uintptr_t)buffer_ring, .ring_entries = MOST_CONNECTIONS};
    done("register buffers", io_uring_register_buf_ring(&ring, &registration, 0));
    io_uring_buf_ring_init(buffer_ring);
    for (int identifier = 0; identifier < MOST_CONNECTIONS; identifier++) return_buffer(identifier);
}

static void set_up_ring(void) {
    struct io_uring_params parameters = {0};
    if (options.defer)
        parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                           IORING_SETUP_COOP_TASKRUN;
    done("set up", io_uring_queue_init_params(SUBMISSIONS, &ring, &parameters));
    if (options.ringfd) done("register ring", io_uring_register_ring_fd(&ring));
    int descriptors[MOST_CONNECTIONS];
    for (long index = 0; index < options.connections; index++)
        descriptors[index] = connections[index].descriptor;
    unsigned count = (unsigned)options.connections;
    if (options.files) done("register files", io_uring_register_files(&ring, descriptors, count));
    if (options.multishot) set_up_buffers();
}

static void take_completion(const struct io_uring_cqe *cqe) {
    unsigned kind = (unsigned)(cqe->user_data & KIND_MASK);
    if (kind == OF_TIMER) return;
    if (cqe->res <= 0) fail(kind == OF_SEND ? "send" : "recv", -cqe->res);
    if (kind == OF_SEND && cqe->res != REQUEST_BYTES) fail("a request was sent in part", EPROTO);
    if (kind == OF_SEND) return;
    struct connection *connection = &connections[cqe->user_data >> KIND_BITS];
    if (!options.multishot) return take_answer(connection, connection->buffer, cqe->res);
    int identifier = (int)(cqe->flags >> IORING_CQE_BUFFER_SHIFT);
    take_answer(connection, ring_buffers[identifier], cqe->res);
    return_buffer(identifier);
    if ((cqe->flags & IORING_CQE_F_MORE) == 0) receive_by_ring(connection);
}

// Submits everything, and waits for completions or until the next request is due.
static void submit_and_wait(void) {
    static uint64_t armed;  // The due time that a timer of the ring is set to.
    static struct __kernel_timespec due;
    int result;
    if (interval > 0 && options.op) {
        if (armed < next_due) {
            armed = next_due;
            due = (struct __kernel_timespec){(long long)armed / 1000000000,
                                             (long long)armed % 1000000000};
            struct io_uring_sqe *sqe = submission();
            io_uring_prep_timeout(sqe, &due, 0, IORING_TIMEOUT_ABS);
            io_uring_sqe_set_data64(sqe, OF_TIMER);
        }
        result = io_uring_submit_and_wait(&ring, 1);
    } else if (interval > 0 || options.within > 0) {
        uint64_t left = interval > 0 ? until_due() : (uint64_t)options.within * 1000;
        struct __kernel_timespec timeout = {0, (long long)left};
        struct io_uring_cqe *cqe;
        unsigned count = options.lazy ? MOST_CONNECTIONS : (unsigned)options.wait;
        result = io_uring_submit_and_wait_timeout(&ring, &cqe, count, &timeout, NULL);
    } else {
        result = io_uring_submit_and_wait(&ring, (unsigned)options.wait);
    }
    if (result != -ETIME) done("enter", result);
}

static void run_uring(void) {
    set_up_ring();
    for (long index = 0; options.multishot && index < options.connections; index++)
        receive_by_ring(&connections[index]);
    for (; now_ns() < end; turns++) {
        send_due(send_by_ring);
        submit_and_wait();
        struct io_uring_cqe *cqe;
        unsigned head, count = 0;
        io_uring_for_each_cqe(&ring, head, cqe) {
            take_completion(cqe);
            count++;
        }
        io_uring_cq_advance(&ring, count);
    }
}

// The command line

static void set(int descriptor, int level, int name, long value) {
    check("setsockopt", setsockopt(descriptor, level, name, &(int){(int)value}, sizeof(int)));
}

static void connect_all(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (long index = 0; index < options.connections; index++) {
        int descriptor = (int)check("socket", socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        check("connect", connect(descriptor, (struct sockaddr *)&address, sizeof address));
        // io_uring awaits only sockets that may block.
        if (!options.uring) check("fcntl", fcntl(descriptor, F_SETFL, O_NONBLOCK));
        set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
        if (options.quickack >= 0) set(descriptor, IPPROTO_TCP, TCP_QUICKACK, options.quickack);
        if (options.busypoll > 0) set(descriptor, SOL_SOCKET, SO_BUSY_POLL, options.busypoll);
        connections[index].descriptor = descriptor;
        free_connections[free_count++] = &connections[index];
    }
}

// A word is NAME or NAME=NUMBER.
static bool parse(const char *word) {
    const struct { const char *name; long *value; } known[] = {
        {"uring", &options.uring}, {"level", &options.level}, {"at-once", &options.at_once},
        {"lazy", &options.lazy}, {"defer", &options.defer}, {"multishot", &options.multishot},
        {"files", &options.files}, {"ringfd", &options.ringfd}, {"skip", &options.skip},
        {"waitall", &options.waitall}, {"pollfirst", &options.pollfirst},
        {"link", &options.link}, {"sendcall", &options.sendcall}, {"op", &options.op},
        {"events", &options.events}, {"pause", &options.pause}, {"wait", &options.wait},
        {"within", &options.within}, {"rate", &options.rate}, {"quickack", &options.quickack},
        {"busypoll", &options.busypoll}};
    size_t length = strcspn(word, "=");
    for (size_t index = 0; index < sizeof known / sizeof *known; index++)
        if (strlen(known[index].name) == length && memcmp(word, known[index].name, length) == 0) {
            *known[index].value = word[length] == '=' ? atol(word + length + 1) : 1;
            return true;
        }
    return false;
}

static void show_quantiles(const char *name, const struct histogram *of) {
    printf(", \"%s\": {\"p50\": %.1f, \"p99\": %.1f, \"p99.9\": %.1f, \"max\": %.1f}", name,
           quantile_us(of, 0.5), quantile_us(of, 0.99), quantile_us(of, 0.999), quantile_us(of, 1));
}

static double seconds(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void show(double wall, const struct rusage *before) {
    struct rusage after;
    getrusage(RUSAGE_SELF, &after);
    printf("{\"requests\": %lu, \"per_second\": %.1f, \"turns\": %lu, ", latency.count,
           (double)latency.count / wall, turns);
    printf("\"user_seconds\": %.6f, \"switches\": %ld",
           seconds(after.ru_utime) - seconds(before->ru_utime),
           after.ru_nvcsw - before->ru_nvcsw);
    show_quantiles("latency_us", &latency);
    show_quantiles("lag_us", &lag);
    printf("}\n");
}

int main(int count, char **words) {
    if (count < 4) fail("PORT SECONDS CONNECTIONS WORD...", EINVAL);
    long length = atol(words[2]);
    options.connections = atol(words[3]);
    for (int index = 4; index < count; index++)
        if (!parse(words[index])) fail(words[index], EINVAL);
    if (length < 1 || options.connections < 1 || options.connections > MOST_CONNECTIONS ||
        options.events < 1 || options.events > MOST_CONNECTIONS)
        fail("a number is out of range", ERANGE);
    alarm((unsigned)length + 5);  // An answer that never comes ends the program.
    check("prctl", prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0));
    connect_all(atoi(words[1]));
    struct rusage before;
    getrusage(RUSAGE_SELF, &before);
    interval = options.rate > 0 ? 1000000000 / (uint64_t)options.rate : 0;
    uint64_t begin = now_ns();
    next_due = begin;
    end = begin + (uint64_t)length * 1000000000;
    if (options.uring) run_uring(); else run_epoll();
    show((double)(now_ns() - begin) / 1e9, &before);
    return 0;
}
