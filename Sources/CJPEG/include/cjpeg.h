#ifndef CJPEG_H
#define CJPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// JPEG in memory, by libjpeg.
//
// Common to all functions: they return false on failure with libjpeg's (or our) reason in
// `message`; they keep no pointer they were given and leave no memory behind, whichever way they
// end; and no longjmp leaves cjpeg.c. Pixel memory always belongs to the caller. Where libjpeg
// would only warn that data are missing or corrupt and invent the rest, these functions fail.

/// Bytes that every `message` buffer must have; the text is always terminated.
#define CJPEG_MESSAGE_SIZE 200

/// The greatest number of scans that a file may have. Encoders make about ten; each one costs a
/// pass over the picture.
#define CJPEG_MAX_SCANS 100

/// What a file says about itself before its first pixel.
typedef struct {
  uint32_t width, height;
} cjpeg_header;

/// Takes the next `count` bytes of an encoded file; they are valid during the call only.
typedef void (*cjpeg_sink)(void *context, const uint8_t *bytes, size_t count);

/// Reads everything before the first scan into `header`; takes no memory for pixels.
bool cjpeg_read_header(const uint8_t *bytes, size_t count, cjpeg_header *header, char *message);

/// Decodes a grey, RGB, YCbCr, CMYK or YCCK JPEG, baseline or progressive, as 8-bit RGB into
/// `samples`, `3 * width * height` bytes of the caller. The size must be the one of the header. Ink
/// is multiplied out, inverted where an Adobe marker stands. On failure the samples are undefined.
bool cjpeg_decode_rgb(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                      uint8_t *samples, char *message);

/// Encodes tight rows of 8-bit RGB as baseline YCbCr without sub-sampling, `quality` in 1...100,
/// piece by piece into `sink`, which gets `context` back.
bool cjpeg_encode_rgb(const uint8_t *samples, uint32_t width, uint32_t height, int quality,
                      cjpeg_sink sink, void *context, char *message);

#endif
