#ifndef CPNG_H
#define CPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// PNG in memory, by libpng's full interface.
//
// Common to all functions: they return false on failure with libpng's (or our) reason in `message`;
// they keep no pointer they were given and leave no memory behind, whichever way they end; and
// libpng's longjmp never leaves cpng.c. Pixel memory always belongs to the caller.

/// Bytes that every `message` buffer must have; the text is always terminated.
#define CPNG_MESSAGE_SIZE 200

/// The colour types of the PNG specification (§11.2.2), with their numbers.
enum {
  cpng_grey = 0,
  cpng_rgb = 2,
  cpng_palette = 3,
  cpng_grey_alpha = 4,
  cpng_rgb_alpha = 6
};

/// What a file says about itself before its first pixel.
typedef struct {
  uint32_t width, height;
  uint8_t bit_depth;
  uint8_t color_type;
} cpng_header;

/// Takes the next `count` bytes of an encoded file; they are valid during the call only.
typedef void (*cpng_sink)(void *context, const uint8_t *bytes, size_t count);

/// Reads everything before the first pixel chunk into `header`; takes no memory for pixels.
bool cpng_read_header(const uint8_t *bytes, size_t count, cpng_header *header, char *message);

/// Decodes any PNG as 8-bit RGB over black into `samples`, `3 * width * height` bytes of the
/// caller. The size must be the one of the header. 16-bit samples are rounded, gamma is ignored,
/// and a palette index beyond the palette is black. On failure the samples are undefined.
bool cpng_decode_rgb(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                     uint8_t *samples, char *message);

/// Decodes the stored numbers of a grey PNG, unscaled, or the indices of a palette PNG into
/// `values`, `width * height` numbers of the caller. The size must be the one of the header;
/// other colour types are a failure. On failure the values are undefined.
bool cpng_decode_values(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                        uint16_t *values, char *message);

/// What to encode: tight rows of 8-bit samples, or of 16-bit grey in the byte order of the machine.
typedef struct {
  uint32_t width, height;
  uint8_t bit_depth;            // 8, or 16 for cpng_grey
  uint8_t color_type;           // cpng_grey, cpng_rgb or cpng_palette
  const void *samples;          // the caller's
  const uint8_t *palette;       // the caller's: `palette_count` RGB triples, for cpng_palette
  uint16_t palette_count;       // 1...256
} cpng_image;

/// Encodes `image` piece by piece into `sink`, which gets `context` back.
bool cpng_encode(const cpng_image *image, cpng_sink sink, void *context, char *message);

#endif
