// zlib, which libpng needs anyway.
#include <zlib.h>
