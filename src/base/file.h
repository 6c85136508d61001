// SPDX-License-Identifier: Apache-2.0
//
// What is done to open files everywhere. Any thread.
#pragma once

#include "base/slice.h"

// Writes all of it from where the file stands, however many calls that takes. FALSE with errno.
gboolean file_write(int file, Slice bytes);
