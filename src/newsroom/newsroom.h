// SPDX-License-Identifier: Apache-2.0
//
// What every use case needs: the store, the originals, the clock. Built once by app; handed by
// pointer. Any thread. Use cases run in one transaction each, bump the site revision when
// readers can see the change, and never log.
#pragma once

#include "base/clock.h"
#include "imaging/rendition.h"
#include "newsroom/permissions.h"
#include "press/page.h"
#include "store/edition_files.h"
#include "store/originals.h"
#include "store/store.h"

typedef struct Newsroom {
  Store *store; // borrowed, as all here
  Originals *originals;
  Renditioner *renditioner; // NULL: pictures are checked by their header only
  const Press *press;       // NULL where no mail is made: use cases that need it refuse with STATE
  EditionFiles *edition_files;              // NULL where no editions are kept
  const struct EditionMaker *edition_maker; // newsroom/editions.h; NULL where none can be made
  const char *withdrawals; // newsroom/withdrawals.h: the journal's path; NULL: none is kept
  Clock clock;
  const Actor *actor; // who asks; NULL: the command line or the clock, which may everything
  void (*changed)(gint64 revision,
                  gpointer data); // called after a commit that readers can see; may be NULL
  gpointer data;
} Newsroom;

#define NEWSROOM_ERROR newsroom_error_quark()
GQuark newsroom_error_quark(void);
typedef enum NewsroomError {
  NEWSROOM_ERROR_INVALID, // the message names the field and how to mend it
  NEWSROOM_ERROR_NOT_FOUND,
  NEWSROOM_ERROR_STATE,     // e.g. correcting a draft
  NEWSROOM_ERROR_FORBIDDEN, // this person may not
  NEWSROOM_ERROR_STALE,     // someone else changed it meanwhile
  NEWSROOM_ERROR_LOCKED,    // someone else has it open for writing
  NEWSROOM_ERROR_RATE,      // too often: later
  NEWSROOM_ERROR_PASSWORD,  // the password, or who it is for, is wrong
  NEWSROOM_ERROR_CODE       // the second factor is wrong
} NewsroomError;
