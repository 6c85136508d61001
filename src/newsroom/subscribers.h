// SPDX-License-Identifier: Apache-2.0
//
// The use cases of a reader: signs up, confirms, changes, leaves, takes everything along, is
// forgotten. See newsroom.h. What the web asks for comes in here whole and untrusted; nothing that
// comes back tells whether an address was known.
#pragma once

#include "model/newsletter.h"
#include "model/subscriber.h"
#include "newsroom/newsroom.h"

// Limits against those who would have us write to strangers; each in a civil day or hour (UTC).
#define SIGN_UP_MAILS_A_DAY 1       // to one address
#define SIGN_UP_REQUESTS_AN_HOUR 30 // from one network (IPv4 /24, IPv6 /48)
#define SIGN_UP_MAILS_AN_HOUR 2000  // of the whole newspaper
#define SIGN_UP_REFUSED_ALARM 100   // refused in an hour: somebody is at it
#define SIGN_UP_CONFIRM_DAYS 7      // how long the link holds

typedef struct SignUp {
  const char *address, *name, *language, *zone_name; // name, language, zone: "" or NULL for none
  const char *const *newsletters;                    // slugs, NULL-terminated
  gboolean agreed, tracking;
  gint32 terms_version, privacy_version; // as the form showed them
  const char *wording;                   // what stood beside the box, word for word
  const char *page;                      // path of the page that it was sent from
  const char *remote;     // the reader's network address; only its keyed hash is kept
  const char *form_token; // subscribers_form_token's; NULL or "": none
  const char *honeypot;   // a field that people don't see; "" or NULL from people
} SignUp;
typedef enum SignUpOutcome {
  SIGN_UP_SENT,      // what is said to everyone who sent a whole form
  SIGN_UP_SHOW_AGAIN // no form of ours, or too old: show it, filled in, with a new token
} SignUpOutcome;
// A fault in a field is an INVALID error that begins "address: ", "newsletters: " or "agreed: ".
// *ret_suggestion: the address that was probably meant, or NULL; caller frees.
gboolean subscribers_sign_up(Newsroom *newsroom, const SignUp *sign_up, SignUpOutcome *ret_outcome,
                             char **ret_suggestion, GError **error);
// What a form carries, so that only a form of ours is taken, and not for ever. By the hour, so that
// the page is the same for everyone meanwhile. Caller frees.
char *subscribers_form_token(const Site *site, gint64 now);
// The keyed hash of the network that an address belongs to; caller frees.
char *subscribers_network_hash(const Site *site, const char *remote);
// How many sign-ups the limits have refused this hour: for the alarm; -1 on error.
gint64 subscribers_refused(Newsroom *newsroom, GError **error);

// One reader, seen by a token. Caller clears.
typedef struct ReaderView {
  Subscriber *subscriber;
  GPtrArray *newsletters; // Newsletter *, those offered and those that the reader has
  GArray *subscriptions;  // Subscription, by newsletter
  GArray *section_ids;    // gint64
  Newsletter *newsletter; // the one that an unsubscribe token is about; NULL: all
} ReaderView;
void reader_view_clear(ReaderView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReaderView, reader_view_clear)
// What they want attached to the edition's mail.
AttachmentChoice reader_view_attachment(const ReaderView *view);
SubscriptionStatus reader_view_status(const ReaderView *view, gint64 newsletter_id);

// What a token opens; nothing is changed. NOT_FOUND: no token of ours, or the reader is gone.
gboolean subscribers_view(Newsroom *newsroom, int purpose, const char *token, ReaderView *ret_view,
                          GError **error);
// The button in the confirmation. STATE: the link is too old. *ret_id: for a link to the reader's
// page.
gboolean subscribers_confirm(Newsroom *newsroom, const char *token, const char *remote,
                             gint64 *ret_id, GError **error);
// Leaves one newsletter (the token's) or, with `everything`, all. Again is no fault.
gboolean subscribers_unsubscribe(Newsroom *newsroom, const char *token, gboolean everything,
                                 const char *remote, GError **error);
// A person of the newsroom, or a reader by mail: by the address.
gboolean subscribers_leave(Newsroom *newsroom, gint64 subscriber_id, gint64 newsletter_id,
                           const char *page, const char *remote, GError **error);

typedef struct ReaderChange {
  const char *name, *zone_name, *language; // NULL: as it is
  const char *const *newsletters;          // slugs that are on after it; NULL: as they are
  const gint64 *section_ids;               // NULL: as they are
  guint section_count;
  gint64 paused_until; // -1: as it is; 0: not paused
  int tracking;        // -1: as it is
  int attachment;      // AttachmentChoice, of editions; -1: as it is
  const char *wording, *remote;
} ReaderChange;
gboolean subscribers_change(Newsroom *newsroom, const char *token, const ReaderChange *change,
                            GError **error);
// All that is held on the reader, as JSON. Caller frees.
GString *subscribers_export(Newsroom *newsroom, const char *token, GError **error);
gboolean subscribers_erase(Newsroom *newsroom, const char *token, GError **error);
gboolean subscribers_erase_address(Newsroom *newsroom, const char *address, GError **error);
// A new link to the own page, sent to the address if it is known; same limits, same silence.
gboolean subscribers_send_link(Newsroom *newsroom, const char *address, const char *remote,
                               GError **error);
