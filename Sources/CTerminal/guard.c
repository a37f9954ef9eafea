#define _GNU_SOURCE
#include "cterminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

// Handlers call only what POSIX lists as safe in them: write, tcflush, tcsetattr, sigaction, raise, alarm, and atomics.

enum { RESTORE_CAPACITY = 1024, PATIENCE_SECONDS = 2 };

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL,  SIGTRAP,
                                    SIGABRT, SIGFPE, SIGQUIT, SIGSYS};
static const int end_signals[] = {SIGINT, SIGTERM, SIGHUP};
static const int event_signals[] = {SIGWINCH, SIGTSTP, SIGCONT};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static int terminal = -1;
static char restore_codes[RESTORE_CAPACITY];
static size_t restore_count;
static struct termios shell_mode;
static struct sigaction previous[NSIG];
static int wake_pipe[2] = {-1, -1};
static atomic_bool is_armed;
static atomic_uint pending;
static atomic_int end_signal;

static void notify(unsigned event) {
  int saved = errno;
  atomic_fetch_or(&pending, event);
  // A full pipe is as good: the reader wakes anyway.
  ssize_t written = write(wake_pipe[1], "", 1);
  (void)written;
  errno = saved;
}

/// Leaves full screen, once.
static void restore_terminal(void) {
  if (!atomic_exchange(&is_armed, false)) return;
  // What is left of a frame does not matter any more, and a terminal that has stopped reading would hold us up.
  tcflush(terminal, TCOFLUSH);
  const char *next = restore_codes;
  size_t left = restore_count;
  while (left > 0) {
    ssize_t written = write(terminal, next, left);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    next += written;
    left -= (size_t)written;
  }
  tcsetattr(terminal, TCSANOW, &shell_mode);
}

static void set_default(int number) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  sigaction(number, &action, NULL);
}

static void on_fatal(int number, siginfo_t *info, void *context) {
  restore_terminal();
  const struct sigaction *earlier = &previous[number];
  bool is_default = earlier->sa_handler == SIG_DFL || earlier->sa_handler == SIG_IGN;
  if (is_default) {
    set_default(number);
  } else if (earlier->sa_flags & SA_SIGINFO) {
    earlier->sa_sigaction(number, info, context);
  } else {
    earlier->sa_handler(number);
  }
  // A fault of this thread happens again after the return and now meets the default action; nothing else does.
  bool is_fault =
      number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE;
  if (!is_fault || info->si_code <= 0) {
    set_default(number);
    raise(number);
  }
}

/// The first request leaves the program time to put its things in order; the second, or silence, ends it.
static void on_end(int number) {
  int expected = 0;
  bool is_first = atomic_compare_exchange_strong(&end_signal, &expected, number);
  if (is_first && atomic_load(&is_armed)) {
    alarm(PATIENCE_SECONDS);
    notify(CTERMINAL_END_ASKED);
    return;
  }
  restore_terminal();
  int last = atomic_load(&end_signal);
  set_default(last);
  raise(last);
}

static void on_event(int number) {
  notify(number == SIGWINCH  ? CTERMINAL_RESIZED
         : number == SIGTSTP ? CTERMINAL_STOP_ASKED
                             : CTERMINAL_CONTINUED);
}

static void install(int number, void (*handler)(int), void (*fatal)(int, siginfo_t *, void *)) {
  sigaction(number, NULL, &previous[number]);
  if (!fatal && number != SIGALRM && previous[number].sa_handler == SIG_IGN) return;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < COUNT(fatal_signals); i++) sigdelset(&action.sa_mask, fatal_signals[i]);
  if (fatal) {
    action.sa_sigaction = fatal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  } else {
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
  }
  sigaction(number, &action, NULL);
}

static void uninstall(int number) { sigaction(number, &previous[number], NULL); }

/// A stack for handlers, so that running out of stack can be reported, where the thread has none yet.
static void provide_handler_stack(void) {
  static char memory[65536];
  stack_t present;
  if (sigaltstack(NULL, &present) != 0 || !(present.ss_flags & SS_DISABLE)) return;
  stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
  sigaltstack(&stack, NULL);
}

int cterminal_guard_install(int descriptor, const void *restore, size_t count) {
  if (count > RESTORE_CAPACITY) return EINVAL;
  if (tcgetattr(descriptor, &shell_mode) != 0) return errno;
  if (wake_pipe[0] < 0 && pipe2(wake_pipe, O_NONBLOCK | O_CLOEXEC) != 0) return errno;
  terminal = descriptor;
  memcpy(restore_codes, restore, count);
  restore_count = count;
  atomic_store(&pending, 0);
  atomic_store(&end_signal, 0);
  provide_handler_stack();
  for (size_t i = 0; i < COUNT(fatal_signals); i++) install(fatal_signals[i], NULL, on_fatal);
  for (size_t i = 0; i < COUNT(end_signals); i++) install(end_signals[i], on_end, NULL);
  for (size_t i = 0; i < COUNT(event_signals); i++) install(event_signals[i], on_event, NULL);
  install(SIGALRM, on_end, NULL);
  return 0;
}

void cterminal_guard_arm(bool armed) { atomic_store(&is_armed, armed); }

void cterminal_guard_save_mode(void) { tcgetattr(terminal, &shell_mode); }

struct termios cterminal_guard_shell_mode(void) { return shell_mode; }

void cterminal_guard_remove(void) {
  if (atomic_load(&end_signal) != 0) alarm(0);
  atomic_store(&is_armed, false);
  for (size_t i = 0; i < COUNT(fatal_signals); i++) uninstall(fatal_signals[i]);
  for (size_t i = 0; i < COUNT(end_signals); i++) uninstall(end_signals[i]);
  for (size_t i = 0; i < COUNT(event_signals); i++) uninstall(event_signals[i]);
  uninstall(SIGALRM);
}

int cterminal_guard_descriptor(void) { return wake_pipe[0]; }

unsigned cterminal_guard_take_events(void) {
  char bytes[64];
  while (read(wake_pipe[0], bytes, sizeof bytes) > 0) {
  }
  return atomic_exchange(&pending, 0);
}

int cterminal_guard_end_signal(void) { return atomic_load(&end_signal); }

void cterminal_guard_wake(void) {
  if (wake_pipe[1] >= 0) notify(CTERMINAL_WOKEN);
}

void cterminal_guard_stop(void) {
  struct sigaction ours;
  sigaction(SIGTSTP, NULL, &ours);
  set_default(SIGTSTP);
  kill(0, SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
}
