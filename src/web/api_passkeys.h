// SPDX-License-Identifier: Apache-2.0
//
// Passkeys between the browser's JSON (WebAuthn Level 3: toJSON, parseCreationOptionsFromJSON) and
// newsroom/staff. For src/web/api_*.c only.
#pragma once

#include "web/api.h"

// The credential in the body's field "credential"; borrows from the call. FALSE: noted as the
// fault.
gboolean api_read_passkey(ApiCall *call, StaffPasskeyAnswer *ret_answer);
char *api_passkey_party(const char *origin); // its host; caller frees
