// SPDX-License-Identifier: Apache-2.0
//
// For rows files only: authors and topics out of columns that a query joined.
#pragma once

#include "model/story.h"
#include "store/store.h"

#define AUTHOR_COLUMNS 24 // five of its own, then the portrait's
Author *author_rows_read(StoreRows *rows, guint column);
Topic *topic_rows_read(StoreRows *rows, guint column);
