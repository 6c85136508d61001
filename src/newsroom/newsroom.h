// SPDX-License-Identifier: Apache-2.0
//
// What every use case needs: the store, the originals, the clock. Built once by app; handed by
// pointer. Any thread. Use cases run in one transaction each, bump the site revision when
// readers can see the change, and never log.
#pragma once

#include "base/clock.h"
#include "imaging/rendition.h"
#include "press/page.h"
#include "store/originals.h"
#include "store/store.h"

typedef struct Newsroom {
  Store *store; // borrowed, as all here
  Originals *originals;
  Renditioner *renditioner; // NULL: pictures are checked by their header only
  const Press *press;       // NULL where no mail is made: use cases that need it refuse with STATE
  Clock clock;
  void (*changed)(gint64 revision,
                  gpointer data); // called after a commit that readers can see; may be NULL
  gpointer data;
} Newsroom;

#define NEWSROOM_ERROR newsroom_error_quark()
GQuark newsroom_error_quark(void);
typedef enum NewsroomError {
  NEWSROOM_ERROR_INVALID, // the message names the field and how to mend it
  NEWSROOM_ERROR_NOT_FOUND,
  NEWSROOM_ERROR_STATE // e.g. correcting a draft
} NewsroomError;
