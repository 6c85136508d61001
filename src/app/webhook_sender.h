// SPDX-License-Identifier: Apache-2.0
//
// Tells other systems what happened (newsroom/webhooks): a thread that looks each second for what
// is due, signs it, and posts it to addresses outside only. Started by app.
#pragma once

#include "newsroom/newsroom.h"

typedef struct WebhookSender WebhookSender;
WebhookSender *webhook_sender_start(Newsroom *newsroom);
void webhook_sender_stop(
    WebhookSender *sender); // waits for the post that is under way; NULL is fine
