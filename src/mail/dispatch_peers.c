// SPDX-License-Identifier: Apache-2.0
//
// Who else sends from this database. A process writes its name and a heartbeat; what a dead one
// held goes back, or becomes uncertain (dispatcher_rows_bury). Of a process on this machine the
// kernel tells whether it lives; one on another machine is dead when its heartbeat has stood still
// for a minute of ours, whatever its clock says: a clock that is set must bury nobody. Called by
// the journal.
#include "mail/dispatch_journal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SILENT_MOST (60 * (gint64)G_USEC_PER_SEC)

typedef struct Sighting {
  gint64 heartbeat, since; // since: monotonic, when it was first seen
} Sighting;

struct DispatchPeers {
  Dispatch *dispatch;
  char *place;           // machine, boot, process namespace
  char *identity;        // place, process, its start, a number within it
  GHashTable *sightings; // id -> Sighting
};

static char *read_line(const char *path) {
  char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL)) {
    return g_strdup("");
  }
  return g_strstrip(text);
}

// Ticks since boot (proc(5), field 22); 0: there is no such process, or what is left of one.
static guint64 start_of(guint64 process) {
  g_autofree char *path = g_strdup_printf("/proc/%" G_GUINT64_FORMAT "/stat", process);
  g_autofree char *text = read_line(path);
  const char *at = strrchr(text, ')'); // the name may hold anything
  if (at != NULL && (g_str_has_prefix(at, ") Z") || g_str_has_prefix(at, ") X"))) {
    return 0;
  }
  for (int field = 2; at != NULL && field < 22; field++) {
    at = strchr(at + 1, ' ');
  }
  return at != NULL ? g_ascii_strtoull(at + 1, NULL, 10) : 0;
}

static char *find_place(void) {
  g_autofree char *machine = read_line("/etc/machine-id");
  g_autofree char *boot = read_line("/proc/sys/kernel/random/boot_id");
  struct stat space = {0};
  guint64 number = stat("/proc/self/ns/pid", &space) == 0 ? (guint64)space.st_ino : 0;
  return g_strdup_printf("%s/%s/%s/%" G_GUINT64_FORMAT, machine, g_get_host_name(), boot, number);
}

DispatchPeers *dispatch_peers_new(Dispatch *dispatch) {
  DispatchPeers *peers = g_new0(DispatchPeers, 1);
  guint64 process = (guint64)getpid();
  peers->dispatch = dispatch;
  peers->place = find_place();
  peers->identity = g_strdup_printf("%s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %08x",
                                    peers->place, process, start_of(process), g_random_int());
  peers->sightings = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  return peers;
}

void dispatch_peers_free(DispatchPeers *peers) {
  g_hash_table_unref(peers->sightings);
  g_free(peers->place);
  g_free(peers->identity);
  g_free(peers);
}

// TRUE with *ret_lives: it is one of this machine and boot.
static gboolean knows(const DispatchPeers *peers, const char *identity, gboolean *ret_lives) {
  gsize length = strlen(peers->place);
  if (strncmp(identity, peers->place, length) != 0 || identity[length] != ' ') {
    return FALSE;
  }
  char *end = NULL;
  guint64 process = g_ascii_strtoull(identity + length + 1, &end, 10);
  guint64 start = g_ascii_strtoull(end, NULL, 10);
  *ret_lives = start != 0 && start_of(process) == start;
  return TRUE;
}

// Of an earlier boot of this machine: dead.
static gboolean is_of_earlier_boot(const DispatchPeers *peers, const char *identity) {
  const char *own = strchr(peers->place, '/');
  const char *host_end = own != NULL ? strchr(own + 1, '/') : NULL;
  gsize length = host_end != NULL ? (gsize)(host_end - peers->place) + 1 : 0;
  if (length == 0 || own == peers->place || strncmp(identity, peers->place, length) != 0) {
    return FALSE;
  }
  const char *boot_end = strchr(host_end + 1, '/');
  gsize boot = boot_end != NULL ? (gsize)(boot_end - host_end) : 0;
  return boot > 1 && strncmp(identity + length - 1, host_end, boot) != 0;
}

static gboolean is_silent(DispatchPeers *peers, const DispatcherRow *row) {
  gint64 now = g_get_monotonic_time();
  Sighting *seen = g_hash_table_lookup(peers->sightings, &row->id);
  if (seen == NULL || seen->heartbeat != row->heartbeat_at) {
    gint64 *id = g_new(gint64, 1);
    *id = row->id;
    seen = g_new(Sighting, 1);
    *seen = (Sighting){row->heartbeat_at, now};
    g_hash_table_replace(peers->sightings, id, seen);
    return FALSE;
  }
  return now - seen->since > SILENT_MOST;
}

static gboolean is_dead(DispatchPeers *peers, const DispatcherRow *row) {
  gboolean lives = FALSE;
  if (knows(peers, row->identity, &lives)) {
    return !lives;
  }
  return is_of_earlier_boot(peers, row->identity) || is_silent(peers, row);
}

static gboolean bury(DispatchPeers *peers, const DispatcherRow *row, gint64 now, GError **error) {
  gint64 returned = 0;
  gint64 uncertain = 0;
  g_autoptr(StoreTransaction) transaction =
      store_begin_write(peers->dispatch->options.store, error);
  if (transaction == NULL ||
      !dispatcher_rows_bury(transaction, row->id, now, &returned, &uncertain, error) ||
      !store_commit(&transaction, error)) {
    return FALSE;
  }
  if (uncertain > 0) {
    dispatch_say(peers->dispatch,
                 "a sending process ended before it saw the answers to %" G_GINT64_FORMAT
                 " messages: they are uncertain, `mailing show` tells which mailing's",
                 uncertain);
    dispatch_count(peers->dispatch, DELIVERY_UNCERTAIN, (guint64)uncertain);
  }
  return TRUE;
}

static gboolean register_us(DispatchPeers *peers, gint64 now, gint64 *owner, GError **error) {
  gboolean known = FALSE;
  g_autoptr(StoreTransaction) transaction =
      store_begin_write(peers->dispatch->options.store, error);
  if (transaction == NULL ||
      (*owner != 0 && !dispatcher_rows_beat(transaction, *owner, now, &known, error))) {
    return FALSE;
  }
  gint64 id = known ? *owner : dispatcher_rows_register(transaction, peers->identity, now, error);
  if (id == 0 || !store_commit(&transaction, error)) {
    return FALSE;
  }
  *owner = id;
  return TRUE;
}

gboolean dispatch_peers_beat(DispatchPeers *peers, gint64 now, gint64 *owner, GError **error) {
  if (!register_us(peers, now, owner, error)) {
    return FALSE;
  }
  g_autoptr(StoreTransaction) reading = store_begin_read(peers->dispatch->options.store, error);
  g_autoptr(GPtrArray) rows = reading != NULL ? dispatcher_rows_list(reading, error) : NULL;
  g_clear_pointer(&reading, store_rollback);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const DispatcherRow *row = g_ptr_array_index(rows, i);
    if (row->id != *owner && is_dead(peers, row) && !bury(peers, row, now, error)) {
      return FALSE;
    }
  }
  return rows != NULL;
}

gboolean dispatch_peers_leave(DispatchPeers *peers, gint64 now, gint64 owner, GError **error) {
  DispatcherRow own = {.id = owner};
  return bury(peers, &own, now, error);
}
