#ifndef CMPI_H
#define CMPI_H

// Open MPI, loaded at run time: neither its headers nor its library are needed to build or to run one process.
//
// Nothing but cmpi_start may be called before it succeeded. Only one thread may call at a time. A failure inside MPI
// ends all processes (its default error handler), so the other functions report none.

/// Bytes that the message buffer must have; the text is always terminated.
#define CMPI_MESSAGE_SIZE 300

/// Loads the library and joins the other processes; 0 on success, else the loader's reason in `message`.
int cmpi_start(int *rank, int *count, char *message);

/// Replaces each value by its sum over all processes.
void cmpi_sum_floats(float *values, int count);
void cmpi_sum_doubles(double *values, int count);

/// Replaces the bytes of every process by those of `root`.
void cmpi_broadcast(void *bytes, int count, int root);

/// Waits for the others and leaves them.
void cmpi_finish(void);

/// Ends all processes at once.
_Noreturn void cmpi_abort(int status);

#endif
