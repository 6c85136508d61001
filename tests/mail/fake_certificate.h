// SPDX-License-Identifier: Apache-2.0
//
// Certificates for the fake relay, made anew for each run: an authority of our own, and what it
// signs. For tests of the post alone.
#pragma once

#include <glib.h>

typedef enum FakeCertificateKind {
  FAKE_CERTIFICATE_GOOD, // for localhost, 127.0.0.1 and ::1
  FAKE_CERTIFICATE_WRONG_HOST,
  FAKE_CERTIFICATE_SELF_SIGNED,
  FAKE_CERTIFICATE_EXPIRED,
  FAKE_CERTIFICATE_KINDS
} FakeCertificateKind;

typedef struct FakeAuthority {
  char *folder, *ca_file;
  char *pem_files[FAKE_CERTIFICATE_KINDS]; // certificate and key in one file
} FakeAuthority;

FakeAuthority *fake_authority_new(void);
void fake_authority_free(FakeAuthority *authority); // removes the files too
