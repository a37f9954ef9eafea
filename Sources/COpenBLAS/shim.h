#include <cblas.h>
#include <stddef.h>

// LAPACK is in OpenBLAS's library, its header in another package. The last two are the lengths of the texts, as gfortran passes them.
void dsyevd_(const char *job, const char *half, const blasint *n, double *a, const blasint *lda,
             double *values, double *work, const blasint *work_count, blasint *whole_work,
             const blasint *whole_work_count, blasint *info, size_t, size_t);
