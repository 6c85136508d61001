// SPDX-License-Identifier: Apache-2.0
//
// The press room: one thread of low priority that makes the day's edition at its hour, makes a
// failed one again, and lets the public see it when its time has come (newsroom/editions decides
// what is due, and that it happens once whatever the clock and other processes do). A failure is
// said in the log and stands in the edition's row; nothing waits for it.
#pragma once

#include "app/edition_maker.h"

typedef struct PressRoom PressRoom;
// paper->newsroom.press must be set.
PressRoom *press_room_start(Paper *paper);
void press_room_nudge(PressRoom *room); // something changed; any thread; NULL is allowed
// Ends what is being made (it is begun again at the next start), joins and frees; NULL is allowed.
// To be called before the renditioner is stopped.
void press_room_stop(PressRoom *room);
