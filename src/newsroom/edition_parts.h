// SPDX-License-Identifier: Apache-2.0
//
// What the files of the edition's use cases share. For src/newsroom only.
#pragma once

#include "newsroom/change.h"
#include "newsroom/editions.h"

GTimeZone *edition_zone(const EditionSettings *settings, const Site *site); // caller unrefs
// "edition 3 20261123", "edition 3 20261123 pdf": the day; 0: another mailing's occasion.
gint32 edition_day_of_occasion(const char *occasion);
// In mailings.c: the mails of an edition that was made, one for each choice of attachment; those
// that are there already stay.
gboolean mailings_compose_edition(Change *change, const Edition *edition, GError **error);
