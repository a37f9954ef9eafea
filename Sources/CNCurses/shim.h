#define NCURSES_WIDECHAR 1
#include <ncursesw/curses.h>
#include <term.h>

// Macros with casts are not visible to Swift.
static const attr_t CURSES_BOLD = A_BOLD;
static const attr_t CURSES_DIM = A_DIM;
static const attr_t CURSES_UNDERLINE = A_UNDERLINE;
static const attr_t CURSES_REVERSE = A_REVERSE;
