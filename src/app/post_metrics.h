// SPDX-License-Identifier: Apache-2.0
//
// The post's figures for /metrics (Prometheus text format 0.0.4): what this process has sent, and
// how many deliveries of each mailing are in each state. Called by the web server; any thread.
#pragma once

#include <glib.h>

void post_metrics_write(GString *out, gpointer post);
