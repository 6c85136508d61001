// SPDX-License-Identifier: Apache-2.0
//
// The laid-out newspaper for readers: /edition (all of them), /edition/2026-11-23 (one to leaf
// through; before its time only by a subscriber's link, ?first=TOKEN), and its files. A file's
// address holds its content's hash, which nobody guesses: it is kept for ever and needs no token.
// For website.c only.
#pragma once

#include "web/site_visit.h"

SITE_HANDLER(site_editions);
SITE_HANDLER(site_edition);
SITE_HANDLER(site_edition_file); // waits: pictures are scaled by the decoders
