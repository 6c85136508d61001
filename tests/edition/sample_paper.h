// SPDX-License-Identifier: Apache-2.0
//
// The sample newspaper in a folder of its own under the system's temporary one, with decoders for
// its pictures. For tests, whose main() must be decoder_main() when they are called as "decoder".
#pragma once

#include "app/paper.h"

typedef struct SamplePaper {
  char *folder;
  Paper *paper;
} SamplePaper;

SamplePaper *sample_paper_new(GError **error);
void sample_paper_free(SamplePaper *sample); // and the folder with it
