#include "cmpi.h"

#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

// What of MPI's interface (MPI 3.1) is used, with the types that Open MPI gives its handles: addresses of its own objects.
typedef struct {
  int (*init_thread)(int *, char ***, int, int *);
  int (*comm_rank)(void *, int *);
  int (*comm_size)(void *, int *);
  int (*allreduce)(const void *, void *, int, void *, void *, void *);
  int (*bcast)(void *, int, void *, int, void *);
  int (*finalize)(void);
  int (*abort)(void *, int);
  void *world, *sum, *floats, *doubles, *bytes;
} functions;

static functions mpi;

// mpi.h's MPI_IN_PLACE and MPI_THREAD_SERIALIZED.
static void *const in_place = (void *)1;
enum { thread_serialized = 2 };

static int load(char *message) {
  // Open MPI's plug-ins look its symbols up among the global ones.
  void *library = dlopen("libmpi.so.40", RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    snprintf(message, CMPI_MESSAGE_SIZE, "%s", dlerror());
    library = dlopen("libmpi.so", RTLD_NOW | RTLD_GLOBAL);
  }
  if (!library) return -1;
  const struct {
    const char *name;
    void **place;
  } symbols[] = {
      {"MPI_Init_thread", (void **)&mpi.init_thread},
      {"MPI_Comm_rank", (void **)&mpi.comm_rank},
      {"MPI_Comm_size", (void **)&mpi.comm_size},
      {"MPI_Allreduce", (void **)&mpi.allreduce},
      {"MPI_Bcast", (void **)&mpi.bcast},
      {"MPI_Finalize", (void **)&mpi.finalize},
      {"MPI_Abort", (void **)&mpi.abort},
      {"ompi_mpi_comm_world", &mpi.world},
      {"ompi_mpi_op_sum", &mpi.sum},
      {"ompi_mpi_float", &mpi.floats},
      {"ompi_mpi_double", &mpi.doubles},
      {"ompi_mpi_byte", &mpi.bytes},
  };
  for (unsigned i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    *symbols[i].place = dlsym(library, symbols[i].name);
    if (!*symbols[i].place) {
      snprintf(message, CMPI_MESSAGE_SIZE, "libmpi.so has no %s", symbols[i].name);
      return -1;
    }
  }
  return 0;
}

int cmpi_start(int *rank, int *count, char *message) {
  if (load(message) != 0) return -1;
  int provided = 0;
  mpi.init_thread(NULL, NULL, thread_serialized, &provided);
  if (provided < thread_serialized) {
    snprintf(message, CMPI_MESSAGE_SIZE, "the library was built without threads");
    return -1;
  }
  mpi.comm_rank(mpi.world, rank);
  mpi.comm_size(mpi.world, count);
  return 0;
}

void cmpi_sum_floats(float *values, int count) {
  mpi.allreduce(in_place, values, count, mpi.floats, mpi.sum, mpi.world);
}

void cmpi_sum_doubles(double *values, int count) {
  mpi.allreduce(in_place, values, count, mpi.doubles, mpi.sum, mpi.world);
}

void cmpi_broadcast(void *bytes, int count, int root) {
  mpi.bcast(bytes, count, mpi.bytes, root, mpi.world);
}

void cmpi_finish(void) { mpi.finalize(); }

void cmpi_abort(int status) {
  mpi.abort(mpi.world, status);
  _exit(status);
}
