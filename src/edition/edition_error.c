// SPDX-License-Identifier: Apache-2.0
//
// The edition floor's error domain, declared in edition.h: apart from the code, because every file
// of the floor reports in it.
#include "edition/edition.h"

G_DEFINE_QUARK(edition - error - quark, edition_error)
