#include "cpng.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

// All state of one call lives in a `codec` in the frame of the public function. Only `attempt`
// calls setjmp, and it changes no local variable of its own, so no variable needs to be volatile:
// the codec outlives the jump, and freeing always sees what libpng had allocated.

/// Wider or higher pictures are refused by libpng itself, before it takes memory for a row.
enum { max_side = 1000000 };
/// Upper bound of what one chunk other than the pixels may allocate.
enum { max_chunk_bytes = 1 << 20 };

typedef struct {
  jmp_buf jump;
  char *message;
  png_structp png;
  png_infop info;
  // Reading: what is left of the caller's file, and where the pixels go.
  const uint8_t *next;
  size_t left;
  cpng_header header;
  uint32_t width, height;
  void *pixels;
  // Writing.
  const cpng_image *image;
  cpng_sink sink;
  void *context;
} codec;

/// libpng's error handler: keeps the reason and jumps to `attempt`.
static void fail(png_structp png, png_const_charp reason) {
  codec *c = png_get_error_ptr(png);
  snprintf(c->message, CPNG_MESSAGE_SIZE, "%s", reason);
  longjmp(c->jump, 1);
}

/// libpng's warning handler: what libpng can repair is not worth a word.
static void ignore(png_structp png, png_const_charp reason) {
  (void)png;
  (void)reason;
}

/// Runs `work`; false if libpng gave up in it.
static bool attempt(codec *c, void (*work)(codec *)) {
  if (setjmp(c->jump)) return false;
  work(c);
  return true;
}

/// Fails without libpng, where there is no png_struct yet.
static void fail_without_memory(codec *c) {
  snprintf(c->message, CPNG_MESSAGE_SIZE, "out of memory");
  longjmp(c->jump, 1);
}

/// Copies the next bytes of the caller's file for libpng; running out of them is an error.
static void read_bytes(png_structp png, png_bytep target, size_t count) {
  codec *c = png_get_io_ptr(png);
  if (count > c->left) png_error(png, "the file ends early");
  memcpy(target, c->next, count);
  c->next += count;
  c->left -= count;
}

/// Opens the file and reads up to the first pixel chunk. Chunks that do not change pixels,
/// compressed text and colour profiles among them, are skipped without being unpacked; damage in
/// any chunk is an error. The structs belong to `c` and go in `finish_reading`.
static void open_file(codec *c) {
  c->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, c, fail, ignore);
  if (!c->png) fail_without_memory(c);
  c->info = png_create_info_struct(c->png);
  if (!c->info) fail_without_memory(c);
  png_set_read_fn(c->png, c, read_bytes);
  png_set_user_limits(c->png, max_side, max_side);
  png_set_chunk_malloc_max(c->png, max_chunk_bytes);
  png_set_keep_unknown_chunks(c->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_crc_action(c->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_read_info(c->png, c->info);
  c->header.width = png_get_image_width(c->png, c->info);
  c->header.height = png_get_image_height(c->png, c->info);
  c->header.bit_depth = png_get_bit_depth(c->png, c->info);
  c->header.color_type = png_get_color_type(c->png, c->info);
}

/// Frees what `open_file` made, also after a failure half-way.
static void finish_reading(codec *c) { png_destroy_read_struct(&c->png, &c->info, NULL); }

/// Reads all rows, `row_bytes` each, to `first`, `first + stride`…, and the file to its last byte.
static void read_rows(codec *c, uint8_t *first, size_t stride, size_t row_bytes) {
  const int passes = png_set_interlace_handling(c->png);
  png_read_update_info(c->png, c->info);
  if (png_get_rowbytes(c->png, c->info) != row_bytes) png_error(c->png, "unexpected row size");
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < c->height; y++) png_read_row(c->png, first + y * stride, NULL);
  }
  png_read_end(c->png, NULL);
}

/// Stops where the caller's memory is not for the size of this file.
static void check_size(codec *c) {
  if (c->header.width != c->width || c->header.height != c->height)
    png_error(c->png, "the size differs from the expected one");
}

/// The work of `cpng_decode_rgb`.
static void decode_rgb(codec *c) {
  open_file(c);
  check_size(c);
  const png_color_16 black = {0};
  png_set_expand(c->png);
  png_set_gray_to_rgb(c->png);
  png_set_background(c->png, &black, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1);
  png_set_scale_16(c->png);
  const size_t stride = 3 * (size_t)c->width;
  read_rows(c, c->pixels, stride, stride);
}

/// The work of `cpng_decode_values`. Values of at most 8 bits arrive as bytes; they are read into
/// the second half of each row of 16-bit values and then widened in place: value x is written to
/// bytes 2x and 2x + 1, never past the byte width + x that it was read from.
static void decode_values(codec *c) {
  open_file(c);
  check_size(c);
  if (c->header.color_type != cpng_grey && c->header.color_type != cpng_palette)
    png_error(c->png, "neither grey nor palette");
  uint16_t *values = c->pixels;
  const size_t width = c->width;
  if (c->header.bit_depth == 16) {
    const uint16_t one = 1;
    if (*(const uint8_t *)&one == 1) png_set_swap(c->png);
    read_rows(c, c->pixels, 2 * width, 2 * width);
    return;
  }
  png_set_packing(c->png);
  read_rows(c, (uint8_t *)c->pixels + width, 2 * width, width);
  for (uint32_t y = 0; y < c->height; y++) {
    uint16_t *row = values + y * width;
    const uint8_t *bytes = (const uint8_t *)row + width;
    for (size_t x = 0; x < width; x++) {
      const uint8_t value = bytes[x];
      row[x] = value;
    }
  }
}

bool cpng_read_header(const uint8_t *bytes, size_t count, cpng_header *header, char *message) {
  codec c = {.message = message, .next = bytes, .left = count};
  const bool succeeded = attempt(&c, open_file);
  finish_reading(&c);
  *header = c.header;
  return succeeded;
}

bool cpng_decode_rgb(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                     uint8_t *samples, char *message) {
  codec c = {.message = message, .next = bytes, .left = count, .width = width, .height = height,
             .pixels = samples};
  const bool succeeded = attempt(&c, decode_rgb);
  finish_reading(&c);
  return succeeded;
}

bool cpng_decode_values(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                        uint16_t *values, char *message) {
  codec c = {.message = message, .next = bytes, .left = count, .width = width, .height = height,
             .pixels = values};
  const bool succeeded = attempt(&c, decode_values);
  finish_reading(&c);
  return succeeded;
}

/// Hands encoded bytes to the caller's sink.
static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
  codec *c = png_get_io_ptr(png);
  c->sink(c->context, bytes, count);
}

/// libpng wants a flush function; the sink has nothing to flush.
static void flush_nothing(png_structp png) { (void)png; }

/// The work of `cpng_encode`. The structs belong to `c` and go in `cpng_encode`.
static void encode(codec *c) {
  const cpng_image *image = c->image;
  c->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, c, fail, ignore);
  if (!c->png) fail_without_memory(c);
  c->info = png_create_info_struct(c->png);
  if (!c->info) fail_without_memory(c);
  png_set_write_fn(c->png, c, write_bytes, flush_nothing);
  png_set_user_limits(c->png, max_side, max_side);
  png_set_IHDR(c->png, c->info, image->width, image->height, image->bit_depth, image->color_type,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  // Labels are no levels, and differences of them pack worse than they do themselves.
  if (image->color_type != cpng_rgb) png_set_filter(c->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  if (image->color_type == cpng_palette) {
    png_color colors[PNG_MAX_PALETTE_LENGTH];
    if (image->palette_count > PNG_MAX_PALETTE_LENGTH) png_error(c->png, "more than 256 colours");
    for (int i = 0; i < image->palette_count; i++) {
      colors[i].red = image->palette[3 * i];
      colors[i].green = image->palette[3 * i + 1];
      colors[i].blue = image->palette[3 * i + 2];
    }
    png_set_PLTE(c->png, c->info, colors, image->palette_count);
  }
  png_write_info(c->png, c->info);
  const uint16_t one = 1;
  if (image->bit_depth == 16 && *(const uint8_t *)&one == 1) png_set_swap(c->png);
  const size_t channels = image->color_type == cpng_rgb ? 3 : 1;
  const size_t row_bytes = channels * (image->bit_depth / 8) * image->width;
  const uint8_t *row = image->samples;
  for (uint32_t y = 0; y < image->height; y++, row += row_bytes) png_write_row(c->png, row);
  png_write_end(c->png, c->info);
}

bool cpng_encode(const cpng_image *image, cpng_sink sink, void *context, char *message) {
  codec c = {.message = message, .image = image, .sink = sink, .context = context};
  const bool succeeded = attempt(&c, encode);
  png_destroy_write_struct(&c.png, &c.info);
  return succeeded;
}
