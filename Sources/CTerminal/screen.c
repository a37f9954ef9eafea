#define _GNU_SOURCE
#include "cterminal.h"

#include <sys/mman.h>
#include <wchar.h>

int cterminal_columns(uint32_t character) { return wcwidth((wchar_t)character); }

int cterminal_memory_file(void) { return memfd_create("screen", MFD_CLOEXEC); }
