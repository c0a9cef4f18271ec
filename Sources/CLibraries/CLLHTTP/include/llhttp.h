#pragma once
// Debian's node-llhttp installs the parser as source; this target compiles that source as it stands.
#include "/usr/share/include/llhttp/llhttp.h"
