// SPDX-License-Identifier: Apache-2.0
//
// What the commands that replay the journal of withdrawals say of it, on standard output.
#pragma once

#include "newsroom/withdrawals.h"

void withdrawal_report_print(const WithdrawalReport *report);
