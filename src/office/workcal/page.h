/* GET /calendar and the import of a year, for chiefs and administrators. */
#ifndef WHS_WORKCAL_PAGE_H
#define WHS_WORKCAL_PAGE_H

#include "office/workcal/inside.h"

struct year_view { int64_t year; bool presumed, current; };

struct calendar_page {
    struct frame frame;
    struct year_view *years;
    size_t n_years;
    int64_t year;
    bool presumed, done;
    struct str source;
    int64_t moved;
    struct workcal_span *spans;
    size_t n_spans;
};

struct problem_view { int64_t line, column; struct str sentence; };
struct move_view { struct str number, title; bool unit, unit_later; day_t was, is; };

struct calendar_import {
    struct frame frame;
    struct str text, why;
    bool own, read, good, doubtful;              /* read: there is a plan to show */
    struct workcal_plan plan;
    int64_t year, n_problems, off, makeup, changed, off_weekdays, difference, statutory, n_moving, n_staying, n_unseen;
    struct problem_view *problems, *doubts;
    size_t n_shown, n_doubts;
    struct move_view *moves, *stays;
    size_t n_moves, n_stays;
};

#endif
