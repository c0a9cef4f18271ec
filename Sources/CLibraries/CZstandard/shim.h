#pragma once
// The allocator of a context is part of the interface that the library calls static.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>
