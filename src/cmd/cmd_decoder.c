// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet decoder`: what imaging/rendition starts to decode pictures in. Not for people.
#include "cmd/command.h"
#include "imaging/decoder.h"

static int run_decoder(const Invocation *invocation) {
  return decoder_main();
}

const Command COMMAND_DECODER = {
    .name = "decoder",
    .usage = "",
    .summary = "decode pictures for the server (started by it)",
    .hidden = TRUE,
    .run = run_decoder,
};
