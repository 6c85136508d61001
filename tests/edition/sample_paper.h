// SPDX-License-Identifier: Apache-2.0
//
// The sample newspaper in a folder of its own under the system's temporary one. For tests.
#pragma once

#include "app/paper.h"

typedef struct SamplePaper {
  char *folder;
  Paper *paper;
} SamplePaper;

SamplePaper *sample_paper_new(GError **error);
void sample_paper_free(SamplePaper *sample); // and the folder with it
