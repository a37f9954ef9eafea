#define NCURSES_WIDECHAR 1
#include <ncursesw/curses.h>
#include <term.h>
