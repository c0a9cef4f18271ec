#pragma once
#include <jansson.h>

/// json_decref under a name of its own: Swift does not import it, for its attributes.
static inline void jansson_release(json_t *value) { json_decref(value); }
