// SPDX-License-Identifier: Apache-2.0
//
// What an authenticator sends: CBOR by itself, and as the attestation of a registration whose
// client data fits, so that the bytes behind the first check are reached.
#include "base/cbor.h"
#include "base/passkey.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size) {
  static const char CLIENT[] = "{\"type\":\"webauthn.create\",\"challenge\":\"abc\",\"origin\":"
                               "\"https://example.org\"}";
  PasskeyExpected expected = {"example.org", "https://example.org", "abc", FALSE};
  Slice bytes = {(const char *)data, size};
  Slice rest = bytes;
  CborItem item;
  (void)cbor_skip(&rest);
  (void)cbor_find(bytes, "authData", 0, &item, &rest);
  (void)cbor_find(bytes, NULL, -2, &item, NULL);
  g_auto(PasskeyCredential) credential = {0};
  g_autoptr(GError) error = NULL;
  (void)passkey_register(&expected, SLICE_LITERAL(CLIENT), bytes, &credential, &error);
  return 0;
}
