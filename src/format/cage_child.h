/* What both sides of the cage agree on. */
#ifndef WHS_FORMAT_CAGE_CHILD_H
#define WHS_FORMAT_CAGE_CHILD_H

#include "format/cage.h"

#define CAGE_NAME "whs-cage"
#define CAGE_NOTHING cage_nothing                /* naming it also links the child's side into every program that starts one */
extern const char cage_nothing[];

enum { CAGE_EXIT_OPEN = 40, CAGE_EXIT_MEMORY = 41, CAGE_EXIT_JOB = 42 };

#endif
