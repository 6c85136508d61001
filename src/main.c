// SPDX-License-Identifier: Apache-2.0
//
// argv -> the command table (src/cmd). Nothing else.
#include "cmd/command.h"

int main(int argc, char **argv) {
  return command_main(argc, argv);
}
