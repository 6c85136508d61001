// SPDX-License-Identifier: Apache-2.0
//
// argv -> the command table (src/cmd). Nothing else.
int main(int argc, char **argv) {
  return 0;
}
