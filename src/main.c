// SPDX-License-Identifier: Apache-2.0
//
// argv -> the command table (src/cmd). Nothing else, but for the decoder process, which must be
// nothing but a decoder from its first instruction.
#include <string.h>

#include "cmd/command.h"
#include "imaging/decoder.h"

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "decoder") == 0) {
    return decoder_main();
  }
  return command_main(argc, argv);
}
