// SPDX-License-Identifier: Apache-2.0
//
// Shuts the decoder process in. Called by decoder.c, once, after everything that needs files or
// libraries is loaded. There is no way back.
#pragma once

#include <glib.h>

#include "imaging/decoder_protocol.h"

// Limits that need no library: no core, few descriptors, die with the parent. Before anything is
// loaded.
gboolean decoder_sandbox_prepare(void);
// No new privileges, no file system (Landlock, where the kernel has it), only the system calls that
// decoding needs (seccomp). FALSE: the process must end at once, undecoded. `memory_bytes`: address
// space; 0 leaves it.
gboolean decoder_sandbox_enter(guint64 memory_bytes);
// Tries what must fail. Harmless if it does not.
void decoder_sandbox_probe(gint32 ret_errors[PROBE_COUNT]);
