// SPDX-License-Identifier: Apache-2.0
//
// The newspaper's own set-up as mail/preflight wants it: sender, keys, relays, and whether to ask
// the DNS.
#pragma once

#include "app/post_options.h"

// PreflightFinding * (newsroom/mailings.h); caller unrefs. `mailing_id` 0: of the newspaper's own
// sender; else of that mailing's. NULL on error.
GPtrArray *post_preflight(const PostOptions *options, Paper *paper, gint64 mailing_id,
                          GError **error);
