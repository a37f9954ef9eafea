/// What the full-screen terminal needs from C: signal handlers, which Swift cannot write, and a file in memory.
///
/// The guard belongs to the process: signals know no objects. Install it once, remove it once.
#ifndef CTERMINAL_H
#define CTERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

/// What happened since `cterminal_guard_take_events` was last called.
enum cterminal_events {
  /// The window has another size (SIGWINCH).
  CTERMINAL_RESIZED = 1,
  /// Somebody asks the process to stop for a while (SIGTSTP).
  CTERMINAL_STOP_ASKED = 2,
  /// The process runs again (SIGCONT).
  CTERMINAL_CONTINUED = 4,
  /// Somebody asks the process to end (SIGINT, SIGTERM, SIGHUP); see `cterminal_guard_end_signal`.
  CTERMINAL_END_ASKED = 8,
  /// `cterminal_guard_wake` was called.
  CTERMINAL_WOKEN = 16,
};

/// Installs the handlers and remembers the terminal's present mode as the one to go back to.
///
/// Fatal signals (SEGV, BUS, ILL, TRAP, ABRT, FPE, SYS, QUIT) restore the terminal and go on to the handler that was
/// installed before, so that its backtrace is readable, or to the default action. Signals that were ignored stay ignored.
/// - Parameters:
///   - descriptor: the terminal.
///   - restore: what to write to leave full screen; copied.
///   - count: its length, at most 1024 bytes.
/// - Returns: 0, or the error number.
int cterminal_guard_install(int descriptor, const void *restore, size_t count);

/// Whether handlers restore the terminal: true between entering and leaving full screen.
void cterminal_guard_arm(bool armed);

/// Takes the mode that the terminal has now as the one to go back to, as after a stay in the shell.
void cterminal_guard_save_mode(void);

/// The mode to go back to.
struct termios cterminal_guard_shell_mode(void);

/// Puts the earlier handlers back.
void cterminal_guard_remove(void);

/// A descriptor that becomes readable when there are events.
int cterminal_guard_descriptor(void);

/// The events since the last call, a set of `cterminal_events`; empties the descriptor.
unsigned cterminal_guard_take_events(void);

/// The signal that asked the process to end, or 0. Two seconds after it the process ends by itself.
int cterminal_guard_end_signal(void);

/// Makes the descriptor readable; callable from any thread and from signal handlers.
void cterminal_guard_wake(void);

/// Stops the process and its group as Ctrl-Z does; returns when it runs again.
void cterminal_guard_stop(void);

/// The columns that a character takes by the locale's tables; -1 for one that cannot be shown.
int cterminal_columns(uint32_t character);

/// Starts a program with no input, its errors unseen, no other open file and no signal blocked; lists end with NULL.
/// - Parameter output: set to a descriptor from which to read what it prints.
/// - Returns: its process number, or -1.
int cterminal_spawn(const char *program, char *const arguments[], char *const environment[],
                    int *output);

/// A new file in memory, or -1.
int cterminal_memory_file(void);

#endif
