/* Paste and register (粘贴登记): any notice, message, telephone note or minutes becomes proposed entries; one key registers them.
 *
 * Invariants
 *   - A proposal stores nothing. What is registered is what the form said when it was accepted, through entry_register() alone, all ticked matters in one write or none.
 *   - Pressed twice, a form registers once: its nonce is kept with what came of it.
 *   - What was pasted is kept with its entries, but for contacts (names, telephones), which are sealed in the entry or not kept at all.
 *   - A text with a marking of secrecy is refused whole, before anything is read from it.
 */
#ifndef WHS_OFFICE_PASTE_PASTE_H
#define WHS_OFFICE_PASTE_PASTE_H

#include "office/slice.h"
#include "text/propose.h"

enum { PASTE_MATTERS = 50 };                     /* on one page, in one write */

extern const struct slice paste_slice;

#endif
