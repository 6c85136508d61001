// SPDX-License-Identifier: Apache-2.0
//
// Implements withdrawal_report.h.
#include "cmd/withdrawal_report.h"

#include <stdio.h>

void withdrawal_report_print(const WithdrawalReport *report) {
  if (report->lines + report->damaged == 0) {
    return;
  }
  printf("journal of withdrawals: %" G_GUINT64_FORMAT
         " lines; new to this database: %" G_GUINT64_FORMAT " left, %" G_GUINT64_FORMAT
         " complained, %" G_GUINT64_FORMAT " deleted\n",
         report->lines, report->left, report->complained, report->erased);
  if (report->damaged > 0) {
    printf("%" G_GUINT64_FORMAT " lines of it can't be read\n", report->damaged);
  }
}
