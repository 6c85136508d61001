// SPDX-License-Identifier: Apache-2.0
//
// The messages that are ready, on the loop: two lanes, in each the recipient domains in turn, so
// that one slow receiver never keeps the others waiting. A domain has so many messages under way at
// once and so many a second; where it asks for patience, both shrink, and grow again with what it
// takes. Called by the loop's parts alone; knows nothing of connections.
#include "mail/dispatch_parts.h"

#define SLOW_FIRST (2 * (gint64)G_USEC_PER_SEC)
#define SLOW_LONGEST (300 * (gint64)G_USEC_PER_SEC)
#define URGENT_EXTRA 4         // of alerts to one domain, above its limit
#define KEPT_DOMAINS 20000     // records of those that have nothing waiting
#define HELD_BACK_A_DOMAIN 200 // messages of a slow one kept in memory; the rest go back for later

struct DispatchDomain {
  char *name; // the table's
  GQueue waiting[DISPATCH_LANES];
  gboolean listed[DISPATCH_LANES]; // in a lane's round, or held back
  guint in_use, limit, good;
  guint slow; // in a row
  gint64 not_before;
  Pace pace;
};

struct DispatchQueue {
  Dispatch *dispatch;
  GHashTable *domains;             // by name
  GQueue round[DISPATCH_LANES];    // DispatchDomain: may have one more
  GPtrArray *back[DISPATCH_LANES]; // DispatchDomain: not before some time
  guint waiting[DISPATCH_LANES];
  gint64 wake_at; // 0: never
  Pace total;
};

static void domain_free(DispatchDomain *domain) {
  g_free(domain->name);
  g_free(domain);
}

DispatchQueue *dispatch_queue_new(Dispatch *dispatch) {
  DispatchQueue *queue = g_new0(DispatchQueue, 1);
  queue->dispatch = dispatch;
  queue->domains =
      g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)domain_free);
  for (guint lane = 0; lane < DISPATCH_LANES; lane++) {
    queue->back[lane] = g_ptr_array_new();
  }
  pace_init(&queue->total, dispatch->options.rate, g_get_monotonic_time());
  return queue;
}

void dispatch_queue_free(DispatchQueue *queue) {
  if (queue != NULL) {
    for (guint lane = 0; lane < DISPATCH_LANES; lane++) {
      g_assert(queue->waiting[lane] == 0);
      g_queue_clear(&queue->round[lane]);
      g_ptr_array_unref(queue->back[lane]);
    }
    g_hash_table_unref(queue->domains);
    g_free(queue);
  }
}

static guint most_connections(const DispatchQueue *queue) {
  guint most = queue->dispatch->options.domain_connections;
  return most > 0 ? most : G_MAXUINT / 2;
}

static gboolean is_forgettable(const DispatchQueue *queue, const DispatchDomain *domain) {
  return domain->in_use == 0 && !domain->listed[0] && !domain->listed[1] &&
         domain->waiting[0].length == 0 && domain->waiting[1].length == 0;
}

static void forget_some(DispatchQueue *queue) {
  GHashTableIter iter;
  gpointer domain;
  g_hash_table_iter_init(&iter, queue->domains);
  while (g_hash_table_iter_next(&iter, NULL, &domain)) {
    if (is_forgettable(queue, domain)) {
      g_hash_table_iter_remove(&iter);
    }
  }
}

static DispatchDomain *find_domain(DispatchQueue *queue, const char *name) {
  DispatchDomain *domain = g_hash_table_lookup(queue->domains, name);
  if (domain == NULL) {
    if (g_hash_table_size(queue->domains) >= KEPT_DOMAINS) {
      forget_some(queue);
    }
    domain = g_new0(DispatchDomain, 1);
    domain->name = g_strdup(name);
    domain->limit = most_connections(queue);
    pace_init(&domain->pace, queue->dispatch->options.domain_rate, g_get_monotonic_time());
    g_hash_table_insert(queue->domains, domain->name, domain);
  }
  return domain;
}

static void list_domain(DispatchQueue *queue, DispatchDomain *domain, guint lane) {
  if (!domain->listed[lane] && domain->waiting[lane].length > 0) {
    domain->listed[lane] = TRUE;
    g_queue_push_tail(&queue->round[lane], domain);
  }
}

// How long a message of a domain that can't keep up should wait in the database instead of here.
static gint64 time_elsewhere(const DispatchQueue *queue, const DispatchDomain *domain) {
  guint waiting = domain->waiting[LANE_NORMAL].length;
  gint64 now = event_loop_now(queue->dispatch->loop);
  if (waiting < HELD_BACK_A_DOMAIN) {
    return 0;
  }
  if (domain->pace.rate > 0 && waiting > domain->pace.rate * 10) {
    return (gint64)((gdouble)waiting / domain->pace.rate * G_USEC_PER_SEC);
  }
  return domain->not_before > now + 5 * G_USEC_PER_SEC ? domain->not_before - now : 0;
}

void dispatch_queue_put(DispatchQueue *queue, DispatchItem *item, gboolean first) {
  MailingLane lane = item->mailing->lane;
  DispatchDomain *domain = find_domain(queue, dispatch_item_domain(item));
  gint64 elsewhere = first || lane == LANE_ALERT ? 0 : time_elsewhere(queue, domain);
  if (elsewhere > 0) {
    item->move = DISPATCH_SETTLE;
    item->to = DELIVERY_PENDING;
    item->delay = elsewhere;
    dispatch_journal_settle(queue->dispatch->journal, item);
    return;
  }
  if (first) {
    g_queue_push_head(&domain->waiting[lane], item);
  } else {
    g_queue_push_tail(&domain->waiting[lane], item);
  }
  queue->waiting[lane]++;
  list_domain(queue, domain, lane);
}

static void hold_back(DispatchQueue *queue, DispatchDomain *domain, guint lane, gint64 until) {
  g_ptr_array_add(queue->back[lane], domain);
  queue->wake_at = queue->wake_at == 0 ? until : MIN(queue->wake_at, until);
}

static gboolean has_room(const DispatchDomain *domain, guint lane) {
  return domain->in_use < domain->limit + (lane == LANE_ALERT ? URGENT_EXTRA : 0);
}

DispatchItem *dispatch_queue_take(DispatchQueue *queue, MailingLane lane, gint64 now) {
  for (DispatchDomain *domain; (domain = g_queue_pop_head(&queue->round[lane])) != NULL;) {
    if (domain->waiting[lane].length == 0 || !has_room(domain, lane)) {
      domain->listed[lane] = FALSE; // comes again with its next message, or with room
      continue;
    }
    gint64 wait = domain->not_before > now ? domain->not_before - now
                                           : pace_wait(&domain->pace, now, lane == LANE_ALERT);
    if (wait > 0) {
      hold_back(queue, domain, lane, now + wait);
      continue;
    }
    DispatchItem *item = g_queue_pop_head(&domain->waiting[lane]);
    queue->waiting[lane]--;
    pace_take(&domain->pace);
    domain->in_use++;
    item->domain = domain;
    domain->listed[lane] = domain->waiting[lane].length > 0;
    if (domain->listed[lane]) {
      g_queue_push_tail(&queue->round[lane], domain);
    }
    return item;
  }
  return NULL;
}

static void hear(DispatchQueue *queue, DispatchDomain *domain, VerdictNews news, gint64 now) {
  if (news == VERDICT_NEWS_GOOD) {
    domain->slow = 0;
    if (domain->limit < most_connections(queue) && ++domain->good >= 2 * domain->limit) {
      domain->good = 0;
      domain->limit++;
    }
  } else if (news == VERDICT_NEWS_SLOW && now >= domain->not_before) {
    // What was under way when it first complained complains once for all.
    domain->limit = MAX(MIN(domain->limit, domain->in_use) / 2, 1);
    domain->good = 0;
    domain->not_before = now + MIN(SLOW_FIRST << MIN(domain->slow, 10), SLOW_LONGEST);
    domain->slow++;
  }
}

void dispatch_queue_done(DispatchQueue *queue, DispatchItem *item, VerdictNews news, gint64 now) {
  DispatchDomain *domain = g_steal_pointer(&item->domain);
  if (domain == NULL) {
    return;
  }
  hear(queue, domain, news, now);
  domain->in_use--;
  for (guint lane = 0; lane < DISPATCH_LANES; lane++) {
    list_domain(queue, domain, lane);
  }
}

guint dispatch_queue_waiting(const DispatchQueue *queue, MailingLane lane) {
  return queue->waiting[lane];
}

gint64 dispatch_queue_wake_at(const DispatchQueue *queue) {
  return queue->wake_at;
}

void dispatch_queue_wake(DispatchQueue *queue, gint64 now) {
  if (queue->wake_at == 0 || now < queue->wake_at) {
    return;
  }
  queue->wake_at = 0;
  for (guint lane = 0; lane < DISPATCH_LANES; lane++) {
    for (guint i = 0; i < queue->back[lane]->len; i++) {
      g_queue_push_tail(&queue->round[lane], queue->back[lane]->pdata[i]);
    }
    g_ptr_array_set_size(queue->back[lane], 0);
  }
}

GPtrArray *dispatch_queue_clear(DispatchQueue *queue, gboolean all) {
  GPtrArray *out = g_ptr_array_new();
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, queue->domains);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    DispatchDomain *domain = value;
    for (guint lane = 0; lane < DISPATCH_LANES; lane++) {
      GQueue kept = G_QUEUE_INIT;
      for (DispatchItem *item; (item = g_queue_pop_head(&domain->waiting[lane])) != NULL;) {
        if (all || g_atomic_int_get(&item->mailing->halted)) {
          g_ptr_array_add(out, item);
          queue->waiting[lane]--;
        } else {
          g_queue_push_tail(&kept, item);
        }
      }
      domain->waiting[lane] = kept;
    }
  }
  return out;
}

Pace *dispatch_queue_pace(DispatchQueue *queue) {
  return &queue->total;
}
