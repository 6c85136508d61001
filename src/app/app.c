// SPDX-License-Identifier: Apache-2.0
//
// Implements app.h. The only place that knows all the parts; none of them knows this one.
#include "app/app.h"

#include <signal.h>
#include <string.h>

#include "app/import_room.h"
#include "app/ladders.h"
#include "app/post.h"
#include "app/post_metrics.h"
#include "app/press_room.h"
#include "app/return_box.h"
#include "app/scheduler.h"
#include "app/watcher.h"
#include "app/webhook_sender.h"
#include "base/fetch.h"
#include "base/log.h"
#include "newsroom/policies.h"
#include "newsroom/staff.h"
#include "press/page.h"
#include "store/site_rows.h"
#include "web/http_server.h"
#include "web/webhooks.h"
#include "web/website.h"

enum { STOP_SECONDS = 2, POST_STOP_SECONDS = 10, FETCH_SECONDS = 10, FETCH_BYTES = 65536 };

typedef struct App {
  Paper *paper; // borrowed
  Press *press;
  Website website;
  Webhooks webhooks;
  PageCache *cache;
  FigureCache *figures;
  EventHub *events;
  RouteTable *routes;
  HttpServer *server;
  Scheduler *scheduler;
  Watcher *watcher;
  Ladders *ladders; // NULL: renditions are only made when they are asked for
  PressRoom *press_room;
  ImportRoom *import_room;
  WebhookSender *teller; // of other systems
  Views *views;
  ReturnBox *returns; // NULL: no returned mail is fetched
  Post *post;         // NULL: this process sends no mail; set before the server's threads run
} App;

static void stop_signals(sigset_t *set) {
  sigemptyset(set);
  sigaddset(set, SIGINT);
  sigaddset(set, SIGTERM);
  sigaddset(set, SIGHUP);
}

void app_hold_signals(void) {
  sigset_t set;
  stop_signals(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  signal(SIGPIPE, SIG_IGN);
}

// After a commit by this process: the readers' pages are new before the editor's command returns.
static void changed_here(gint64 revision, gpointer data) {
  page_cache_set_revision(data, revision);
}

static void changed_anywhere(gint64 revision, gpointer data) {
  App *app = data;
  page_cache_set_revision(app->cache, revision);
  scheduler_nudge(app->scheduler);
  ladders_nudge(app->ladders);
  post_nudge(app->post);
  press_room_nudge(app->press_room);
}

static guint64 count_requests(gpointer data) {
  return http_server_requests(data);
}

// What webhooks need from elsewhere: a certificate, SNS's confirmation. Never from within a
// network.
static GBytes *fetch_outside(const char *url, gpointer data, GError **error) {
  g_autoptr(Fetcher) fetcher = fetcher_new(
      &(FetchOptions){.protocols = "https", .seconds = FETCH_SECONDS, .most = FETCH_BYTES});
  return fetcher_get(fetcher, url, NULL, error);
}

static void build_webhooks(App *app) {
  const Config *config = app->paper->config;
  app->webhooks = (Webhooks){.ses_topics = config->ses_topics,
                             .postmark_password = config->postmark_password,
                             .sendgrid_key = config->sendgrid_key,
                             .mailgun_key = config->mailgun_key,
                             .limits = return_box_limits(config),
                             .fetch = fetch_outside};
  webhooks_init(&app->webhooks);
  app->website.webhooks = &app->webhooks;
}

static gboolean build_website(App *app, GError **error) {
  const Config *config = app->paper->config;
  app->press = press_new(*config->theme != '\0' ? config->theme : NULL, error);
  if (app->press == NULL) {
    return FALSE;
  }
  app->paper->newsroom.press = app->press;
  app->views = views_new();
  app->website = (Website){.newsroom = &app->paper->newsroom,
                           .press = app->press,
                           .views = app->views,
                           .folder = config->folder,
                           .outbox = config->outbox,
                           .transport = config->relays->len > 0 ? "smtp" : "maildir",
                           .front_size = config->front_size,
                           .page_size = config->page_size,
                           .feed_size = config->feed_size};
  g_mutex_init(&app->website.lock);
  g_mutex_init(&app->website.file_lock);
  g_cond_init(&app->website.file_closed);
  g_autoptr(StoreTransaction) transaction = store_begin_read(app->paper->store, error);
  gint64 revision = transaction != NULL ? site_rows_revision(transaction, error) : -1;
  if (revision < 0) {
    return FALSE;
  }
  app->import_room = import_room_start(app->paper);
  app->website.readers = import_room_door(app->import_room);
  app->events = event_hub_start(api_mailing_progress_text, &app->website);
  app->website.events = app->events;
  app->figures = figure_cache_new();
  app->website.figures = app->figures;
  app->cache = page_cache_new((gsize)config->page_cache_megabytes << 20);
  page_cache_set_revision(app->cache, revision);
  app->website.cache = app->cache;
  app->paper->newsroom.changed = changed_here;
  app->paper->newsroom.data = app->cache;
  build_webhooks(app);
  app->routes = route_table_new_of((const RouteList[]){{SITE_ROUTES, SITE_ROUTE_COUNT},
                                                       {API_ROUTES, API_ROUTE_COUNT},
                                                       {WEBHOOK_ROUTES, WEBHOOK_ROUTE_COUNT}},
                                   3);
  return TRUE;
}

static gboolean start_server(App *app, const AppOptions *options, GError **error) {
  const Config *config = app->paper->config;
  HttpServerOptions server = {
      .listen = options->listen != NULL ? options->listen : config->listen,
      .port = (guint16)(options->port >= 0 ? options->port : config->port),
      .io_threads = (guint)config->io_threads,
      .workers = (guint)config->workers,
      .max_connections = (guint)config->max_connections,
      .trusted_proxies = *config->trusted_proxies != '\0' ? config->trusted_proxies : NULL,
      .access_log = *config->access_log != '\0' ? config->access_log : NULL,
      .access_log_addresses = config->access_log_addresses,
      .routes = app->routes,
      .upload_folder = config->folder,
      .website = &app->website,
      .cache = app->cache,
      .write_metrics = app->post != NULL ? post_metrics_write : NULL,
      .metrics_data = app->post,
  };
  app->server = http_server_start(&server, error);
  return app->server != NULL;
}

// Readers come first: a mail set-up that can't be used is said, and the paper is served.
static void start_post(App *app) {
  g_autoptr(GError) error = NULL;
  if (!app->paper->config->mail_send) {
    return;
  }
  app->post = post_start(app->paper, &error);
  if (app->post == NULL) {
    log_write(LOG_ERROR, "no mail is sent: %s", error->message);
  }
}

// What a person types to read the paper; "localhost" where that reaches us.
static char *reader_url(const App *app, const AppOptions *options) {
  const char *listen = options->listen != NULL ? options->listen : app->paper->config->listen;
  static const char *const LOCAL[] = {"127.0.0.1", "0.0.0.0", "::", "::1", "localhost", "", NULL};
  guint16 port = http_server_port(app->server);
  if (g_strv_contains(LOCAL, listen)) {
    return g_strdup_printf("http://localhost:%u", port);
  }
  return g_strdup_printf(strchr(listen, ':') != NULL ? "http://[%s]:%u" : "http://%s:%u", listen,
                         port);
}

// The first start's link. That it can't be made is no reason not to serve the paper.
static char *set_up_url(const App *app, const char *url) {
  g_autoptr(GError) error = NULL;
  g_autofree char *token = staff_set_up_link(&app->paper->newsroom, &error);
  if (error != NULL) {
    log_write(LOG_WARNING, "the link that makes the owner could not be made: %s", error->message);
  }
  return token != NULL ? g_strdup_printf("%s/newsroom/set-up#%s", url, token) : NULL;
}

static void wait_for_signal(void) {
  sigset_t set;
  stop_signals(&set);
  int got = 0;
  while (sigwait(&set, &got) != 0) {
  }
}

static void app_clear(App *app) {
  watcher_stop(app->watcher);
  webhook_sender_stop(app->teller);
  ladders_stop(app->ladders);
  press_room_stop(app->press_room); // before the decoders
  if (app->server != NULL) {
    renditioner_stop(app->paper->renditioner, STOP_SECONDS); // the server's threads wait for it
    http_server_stop(app->server, STOP_SECONDS);
  }
  event_hub_stop(app->events);
  g_clear_pointer(&app->figures, figure_cache_free);
  import_room_stop(app->import_room);      // after the server, whose door it is
  post_stop(app->post, POST_STOP_SECONDS); // after the server, which shows its figures
  return_box_stop(app->returns);
  scheduler_stop(app->scheduler);
  if (app->views != NULL) {
    (void)views_flush(app->views, &app->paper->newsroom, NULL); // what was counted last
    views_free(app->views);
  }
  app->paper->newsroom.changed = NULL;
  app->paper->newsroom.press = NULL;
  g_clear_pointer(&app->routes, route_table_free);
  if (app->website.webhooks != NULL) {
    webhooks_clear(&app->webhooks);
  }
  g_clear_pointer(&app->cache, page_cache_free);
  if (app->press != NULL) {
    site_unref(app->website.site);
    g_mutex_clear(&app->website.lock);
    g_mutex_clear(&app->website.file_lock);
    g_cond_clear(&app->website.file_closed);
    press_free(app->press);
  }
}

gboolean app_serve(Paper *paper, const AppOptions *options, GError **error) {
  App app = {.paper = paper};
  gboolean started = build_website(&app, error) && policies_prepare(&paper->newsroom, error);
  if (started) {
    start_post(&app);
    started = start_server(&app, options, error);
  }
  if (started) {
    app.scheduler = scheduler_start(&paper->newsroom, app.views);
    app.teller = webhook_sender_start(&paper->newsroom);
    app.returns = return_box_start(paper);
    app.press_room = press_room_start(paper);
    if (paper->config->image_fill_ladder) {
      app.ladders = ladders_start(&(LaddersOptions){&paper->newsroom, count_requests, app.server});
    }
    app.watcher = watcher_start(&(WatcherOptions){paper->store, changed_anywhere, &app});
    g_autofree char *url = reader_url(&app, options);
    g_autofree char *set_up = set_up_url(&app, url);
    options->ready(url, set_up, options->data);
    wait_for_signal();
  }
  app_clear(&app);
  return started;
}
