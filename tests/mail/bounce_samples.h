// SPDX-License-Identifier: Apache-2.0
//
// The bounces of tests/mail/bounces, with tokens in them: what came back about one letter to one
// reader, in the forms that the world uses.
#pragma once

#include "model/returned_mail.h"

#define SAMPLE_KEY "0123456789abcdef0123456789abcdef"

typedef struct BounceSample {
  char *name;
  BounceKind kind;
  char *status; // "" none
  char *tokens; // "envelope,message"
  char *text; // as the file has it, with {{verp}}, {{verp_local}}, {{message_id}}, {{unsubscribe}}
} BounceSample;
// BounceSample *; fails the test if a file has no row in expected.tsv, or a row no file.
GPtrArray *bounce_samples_load(const char *folder);
// Filled in for a mailing and a reader. Caller frees.
GString *bounce_sample_fill(const BounceSample *sample, const char *key, gint64 mailing,
                            gint64 reader);
