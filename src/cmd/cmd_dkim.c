// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet dkim [new|show]`: the keys that sign the newspaper's mail, and the records that DNS
// needs.
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "app/paper.h"
#include "app/post_options.h"
#include "base/clock.h"
#include "cmd/command.h"

// A TXT record as a zone file has it: strings of at most 255 bytes (RFC 1035 3.3).
static void print_record(const char *selector, const char *domain, const char *value) {
  printf("%s._domainkey.%s. IN TXT (", selector, domain);
  for (gsize length = strlen(value), at = 0; at < length; at += 250) {
    printf(" \"%.250s\"", value + at);
  }
  printf(" )\n");
}

static gboolean show(const char *folder, const char *domain, GError **error) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  guint shown = 0;
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    if (!g_str_has_suffix(name, ".pem")) {
      continue;
    }
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(DkimKey) key = dkim_key_load(path, error);
    if (key == NULL) {
      return FALSE;
    }
    g_autofree char *selector = g_strndup(name, strlen(name) - strlen(".pem"));
    g_autofree char *record = dkim_key_record(key);
    print_record(selector, domain, record);
    shown++;
  }
  if (shown == 0) {
    g_set_error(error, DKIM_ERROR, DKIM_ERROR_KEY,
                "there is no key for %s in %s: make them with `broadsheet dkim new`", domain,
                folder);
  }
  return shown > 0;
}

static gboolean make(const char *folder, const char *stem, GError **error) {
  static const struct {
    DkimAlgorithm algorithm;
    char letter;
  } KINDS[] = {{DKIM_RSA_SHA256, 'r'}, {DKIM_ED25519_SHA256, 'e'}};
  if (g_mkdir_with_parents(folder, 0700) != 0) {
    g_set_error(error, DKIM_ERROR, DKIM_ERROR_FILE, "the folder %s can't be made", folder);
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(KINDS); i++) {
    g_autoptr(DkimKey) key = dkim_key_generate(KINDS[i].algorithm, error);
    g_autofree char *name = g_strdup_printf("%s%c.pem", stem, KINDS[i].letter);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (key == NULL || !dkim_key_save(key, path, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static char *domain_of(const Invocation *invocation, const Site *site) {
  if (invocation->argument_count > 1) {
    return g_ascii_strdown(invocation->arguments[1], -1);
  }
  g_autofree char *sender = site_sender(site);
  const char *at = strrchr(sender, '@');
  return g_strdup(at != NULL ? at + 1 : sender);
}

static int run_dkim(const Invocation *invocation) {
  const char *verb = invocation->argument_count > 0 ? invocation->arguments[0] : "show";
  gboolean making = strcmp(verb, "new") == 0;
  if (!making && strcmp(verb, "show") != 0) {
    return invocation_misused(invocation, "'%s'? It is `dkim new` or `dkim show`", verb);
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  g_autoptr(Site) site = paper != NULL ? paper_site(paper, &error) : NULL;
  if (site == NULL) {
    return invocation_fail(invocation, error);
  }
  g_autofree char *domain = domain_of(invocation, site);
  if (strchr(domain, '/') != NULL || *domain == '.' || *domain == '\0') {
    return invocation_misused(invocation, "'%s' is no domain", domain);
  }
  g_autofree char *folder = post_dkim_folder(paper->config, domain);
  gint32 day = clock_day(clock_now(&paper->newsroom.clock), site->zone);
  g_autofree char *usual = g_strdup_printf("bs%d", day);
  const char *stem = invocation_value(invocation, "selector");
  if ((making && !make(folder, stem != NULL ? stem : usual, &error)) ||
      !show(folder, domain, &error)) {
    return invocation_fail(invocation, error);
  }
  if (making) {
    fprintf(stderr,
            "\nPut these records into the zone of %s; until they are seen there, receivers can't "
            "verify the signatures.\nAlso wanted, if they aren't there yet:\n  %s. IN TXT \"v=spf1 "
            "include:<your relay's> ~all\"\n  _dmarc.%s. IN TXT \"v=DMARC1; p=quarantine; "
            "rua=mailto:postmaster@%s\"\nRunning processes sign with them from their next start.\n",
            domain, domain, domain, domain);
  }
  return COMMAND_DONE;
}

static const CommandOption OPTIONS[] = {
    {0, "selector", "NAME", "the name's stem in DNS, instead of bs and today's date"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_DKIM = {
    .name = "dkim",
    .usage = "[new|show] [DOMAIN]",
    .summary = "make or show the keys that sign the newspaper's mail",
    .help =
        "`new` makes an RSA and an Ed25519 key for the sender's domain and prints the records for "
        "DNS.\n"
        "Keys are never overwritten: to change them, make new ones under another selector, wait "
        "until DNS\n"
        "shows them, then take the old files away.",
    .options = OPTIONS,
    .maximum_arguments = 2,
    .run = run_dkim,
};
