// SPDX-License-Identifier: Apache-2.0
//
// The sample newspaper: sample/ (see its README.md), embedded in the binary, taken in by the same
// importers and use cases as any reporter's folder. Called by `init --sample` and `demo` on a
// newspaper that is empty.
#pragma once

#include "newsroom/newsroom.h"

// Dates are moved by whole days so that the paper is fresh and nothing in it lies ahead.
gboolean sample_load(Newsroom *newsroom,
                     void (*progress)(guint64 done, guint64 total, gpointer data), gpointer data,
                     GError **error);
