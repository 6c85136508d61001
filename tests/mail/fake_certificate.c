// SPDX-License-Identifier: Apache-2.0
//
// Makes the certificates with OpenSSL, on P-256 so that it takes no time.
#include "fake_certificate.h"

#include <glib/gstdio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <unistd.h>

#define DAY 86400L

static void add_extension(X509 *certificate, int name, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, name, value);
  g_assert(extension != NULL && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

static X509 *certificate_new(EVP_PKEY *key, const char *name, long from, long until) {
  static gint serial = 0;
  X509 *certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), g_atomic_int_add(&serial, 1) + 1000);
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), until);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             (const guchar *)name, -1, -1, 0);
  X509_set_pubkey(certificate, key);
  return certificate;
}

static void write_pem(const char *path, X509 *certificate, EVP_PKEY *key) {
  FILE *file = fopen(path, "w");
  g_assert(file != NULL && PEM_write_X509(file, certificate) == 1);
  g_assert(key == NULL || PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1);
  fclose(file);
}

FakeAuthority *fake_authority_new(void) {
  static const char *const NAMES[] = {[FAKE_CERTIFICATE_GOOD] = "DNS:localhost,IP:127.0.0.1,IP:::1",
                                      [FAKE_CERTIFICATE_WRONG_HOST] =
                                          "DNS:elsewhere.example,IP:192.0.2.1",
                                      [FAKE_CERTIFICATE_SELF_SIGNED] = "DNS:localhost,IP:127.0.0.1",
                                      [FAKE_CERTIFICATE_EXPIRED] = "DNS:localhost,IP:127.0.0.1"};
  FakeAuthority *authority = g_new0(FakeAuthority, 1);
  authority->folder = g_dir_make_tmp("fake-authority-XXXXXX", NULL);
  authority->ca_file = g_build_filename(authority->folder, "ca.pem", NULL);
  EVP_PKEY *ca_key = EVP_EC_gen("P-256");
  X509 *ca = certificate_new(ca_key, "Authority of a test", -DAY, DAY);
  X509_set_issuer_name(ca, X509_get_subject_name(ca));
  add_extension(ca, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(ca, ca_key, EVP_sha256());
  write_pem(authority->ca_file, ca, NULL);
  for (guint kind = 0; kind < FAKE_CERTIFICATE_KINDS; kind++) {
    gboolean expired = kind == FAKE_CERTIFICATE_EXPIRED;
    gboolean alone = kind == FAKE_CERTIFICATE_SELF_SIGNED;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate =
        certificate_new(key, "relay", expired ? -3 * DAY : -DAY, expired ? -DAY : DAY);
    X509_set_issuer_name(certificate, X509_get_subject_name(alone ? certificate : ca));
    add_extension(certificate, NID_subject_alt_name, NAMES[kind]);
    X509_sign(certificate, alone ? key : ca_key, EVP_sha256());
    g_autofree char *file = g_strdup_printf("%u.pem", kind);
    authority->pem_files[kind] = g_build_filename(authority->folder, file, NULL);
    write_pem(authority->pem_files[kind], certificate, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  X509_free(ca);
  EVP_PKEY_free(ca_key);
  return authority;
}

void fake_authority_free(FakeAuthority *authority) {
  for (guint kind = 0; kind < FAKE_CERTIFICATE_KINDS; kind++) {
    g_unlink(authority->pem_files[kind]);
    g_free(authority->pem_files[kind]);
  }
  g_unlink(authority->ca_file);
  g_rmdir(authority->folder);
  g_free(authority->ca_file);
  g_free(authority->folder);
  g_free(authority);
}
