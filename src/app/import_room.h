// SPDX-License-Identifier: Apache-2.0
//
// Where uploaded files of readers wait and are taken in, one at a time, on a thread of its own; and
// the way in and out of readers for the website, which knows nothing of file formats
// (web/website.h's ReaderDoor). A restart goes on with what was under way. Files are in
// <folder>/imports, by their number, and gone when they are done with, a month later at the latest.
#pragma once

#include "app/paper.h"
#include "web/website.h"

typedef struct ImportRoom ImportRoom;
ImportRoom *import_room_start(Paper *paper);
const ReaderDoor *import_room_door(ImportRoom *room);
void import_room_stop(ImportRoom *room); // joins and frees; NULL is fine
