// SPDX-License-Identifier: Apache-2.0
//
// From the configuration and the folder to what mail/dispatch wants: relays with their passwords,
// DKIM keys, the outbox. For app/post.c.
#pragma once

#include "app/paper.h"
#include "mail/dispatch.h"

typedef struct PostOptions {
  DispatchOptions dispatch; // borrows the rest
  GArray *relays;           // DispatchRelay
  GPtrArray *texts;         // char *, owned
  GPtrArray *keys;          // DkimKey *
  GArray *identities;       // DkimIdentity, those that sign
  DkimSigner *signer;
} PostOptions;
gboolean post_options_load(PostOptions *options, Paper *paper, GError **error);
void post_options_clear(PostOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PostOptions, post_options_clear)

// <folder>/dkim/<domain>; caller frees.
char *post_dkim_folder(const Config *config, const char *domain);
