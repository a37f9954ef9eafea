#include "cjpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
// jpeglib.h needs the three above.
#include <jpeglib.h>
#include <jerror.h>

// All state of one call lives in a `decoder` or an `encoder` in the frame of the public function.
// Only the `attempt_…` functions call setjmp, and they change no local variable of their own, so no
// variable needs to be volatile: the state outlives the jump, and destroying it always frees what
// libjpeg took.

/// libjpeg's error manager with the way out of it.
typedef struct {
  struct jpeg_error_mgr manager;  // first, so that libjpeg's pointer to it is a pointer to this
  jmp_buf jump;
  char *message;
} failure;

/// libjpeg's fatal error: keeps the reason and jumps to `attempt_…`.
static void fail(j_common_ptr info) {
  failure *f = (failure *)info->err;
  char reason[JMSG_LENGTH_MAX];
  f->manager.format_message(info, reason);
  snprintf(f->message, CJPEG_MESSAGE_SIZE, "%s", reason);
  longjmp(f->jump, 1);
}

/// Fails with a reason of our own.
static void fail_because(j_common_ptr info, const char *reason) {
  failure *f = (failure *)info->err;
  snprintf(f->message, CJPEG_MESSAGE_SIZE, "%s", reason);
  longjmp(f->jump, 1);
}

/// libjpeg's warnings (level -1) say that pixels are missing or guessed, which is an error here,
/// save those after which the picture is still whole: filler bytes between segments, which some
/// cameras write, and notes about versions, colours and unused parameters. Traces (level 0 and up)
/// are dropped.
static void warn(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
  case JWRN_EXTRANEOUS_DATA:
  case JWRN_JFIF_MAJOR:
  case JWRN_ADOBE_XFORM:
  case JWRN_NOT_SEQUENTIAL:
    return;
  default:
    fail(info);
  }
}

/// Prepares the error manager; `message` stays the caller's.
static void set_up(failure *f, char *message) {
  jpeg_std_error(&f->manager);
  f->manager.error_exit = fail;
  f->manager.emit_message = warn;
  f->message = message;
}

typedef struct {
  failure failure;
  struct jpeg_decompress_struct info;
  struct jpeg_progress_mgr progress;
  const uint8_t *bytes;
  size_t count;
  uint32_t width, height;
  uint8_t *samples;
} decoder;

/// Runs `work`; false if libjpeg gave up in it.
static bool attempt_decoding(decoder *d, void (*work)(decoder *)) {
  if (setjmp(d->failure.jump)) return false;
  work(d);
  return true;
}

/// libjpeg's progress report, called at least once a scan: stops files that are all scans.
static void count_scans(j_common_ptr info) {
  if (((j_decompress_ptr)info)->input_scan_number > CJPEG_MAX_SCANS)
    fail_because(info, "more scans than any encoder writes");
}

/// Opens the file and reads up to the first scan. What libjpeg takes belongs to `d->info` and goes
/// with jpeg_destroy_decompress.
static void open_file(decoder *d) {
  jpeg_create_decompress(&d->info);
  d->progress.progress_monitor = count_scans;
  d->info.progress = &d->progress;
  jpeg_mem_src(&d->info, d->bytes, d->count);
  jpeg_read_header(&d->info, TRUE);
}

/// Multiplies ink out, `rgb = paper · (1 − ink) · (1 − black)`, for one row.
static void convert_inks(const uint8_t *cmyk, uint8_t *rgb, uint32_t width, bool is_inverted) {
  const unsigned flip = is_inverted ? 0 : 255;
  for (size_t x = 0; x < width; x++) {
    const unsigned black = cmyk[4 * x + 3] ^ flip;
    for (size_t channel = 0; channel < 3; channel++)
      rgb[3 * x + channel] = (uint8_t)(((cmyk[4 * x + channel] ^ flip) * black + 127) / 255);
  }
}

/// The work of `cjpeg_decode_rgb`.
static void decode_rgb(decoder *d) {
  open_file(d);
  struct jpeg_decompress_struct *info = &d->info;
  j_common_ptr common = (j_common_ptr)info;
  if (info->image_width != d->width || info->image_height != d->height)
    fail_because(common, "the size differs from the expected one");
  const bool has_inks =
      info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK;
  if (info->jpeg_color_space == JCS_UNKNOWN)
    fail_because(common, "neither grey, RGB, YCbCr, CMYK nor YCCK");
  info->out_color_space = has_inks ? JCS_CMYK : JCS_RGB;
  info->dct_method = JDCT_ISLOW;
  info->do_fancy_upsampling = TRUE;
  jpeg_start_decompress(info);
  JSAMPROW inks = NULL;
  if (has_inks)  // freed with the pool
    inks = info->mem->alloc_sarray(common, JPOOL_IMAGE, 4 * info->output_width, 1)[0];
  uint8_t *target = d->samples;
  while (info->output_scanline < info->output_height) {
    JSAMPROW row = has_inks ? inks : target;
    if (jpeg_read_scanlines(info, &row, 1) != 1) fail_because(common, "a row is missing");
    if (has_inks) convert_inks(inks, target, d->width, info->saw_Adobe_marker);
    target += 3 * (size_t)d->width;
  }
  jpeg_finish_decompress(info);
}

bool cjpeg_read_header(const uint8_t *bytes, size_t count, cjpeg_header *header, char *message) {
  decoder d = {.bytes = bytes, .count = count};
  set_up(&d.failure, message);
  d.info.err = &d.failure.manager;
  const bool succeeded = attempt_decoding(&d, open_file);
  header->width = d.info.image_width;
  header->height = d.info.image_height;
  jpeg_destroy_decompress(&d.info);
  return succeeded;
}

bool cjpeg_decode_rgb(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                      uint8_t *samples, char *message) {
  decoder d = {.bytes = bytes, .count = count, .width = width, .height = height,
               .samples = samples};
  set_up(&d.failure, message);
  d.info.err = &d.failure.manager;
  const bool succeeded = attempt_decoding(&d, decode_rgb);
  jpeg_destroy_decompress(&d.info);
  return succeeded;
}

typedef struct {
  failure failure;
  struct jpeg_compress_struct info;
  struct jpeg_destination_mgr destination;
  const uint8_t *samples;
  uint32_t width, height;
  int quality;
  cjpeg_sink sink;
  void *context;
  uint8_t buffer[1 << 14];
} encoder;

/// Runs `work`; false if libjpeg gave up in it.
static bool attempt_encoding(encoder *e, void (*work)(encoder *)) {
  if (setjmp(e->failure.jump)) return false;
  work(e);
  return true;
}

/// libjpeg's destination: starts with an empty buffer.
static void start_buffer(j_compress_ptr info) {
  encoder *e = info->client_data;
  e->destination.next_output_byte = e->buffer;
  e->destination.free_in_buffer = sizeof e->buffer;
}

/// libjpeg's destination: the buffer is full, whatever its counters say.
static boolean pass_on_full_buffer(j_compress_ptr info) {
  encoder *e = info->client_data;
  e->sink(e->context, e->buffer, sizeof e->buffer);
  start_buffer(info);
  return TRUE;
}

/// libjpeg's destination: passes on what is left.
static void pass_on_rest(j_compress_ptr info) {
  encoder *e = info->client_data;
  e->sink(e->context, e->buffer, sizeof e->buffer - e->destination.free_in_buffer);
}

/// The work of `cjpeg_encode_rgb`. What libjpeg takes belongs to `e->info` and goes with
/// jpeg_destroy_compress.
static void encode_rgb(encoder *e) {
  struct jpeg_compress_struct *info = &e->info;
  jpeg_create_compress(info);
  info->client_data = e;
  e->destination.init_destination = start_buffer;
  e->destination.empty_output_buffer = pass_on_full_buffer;
  e->destination.term_destination = pass_on_rest;
  info->dest = &e->destination;
  info->image_width = e->width;
  info->image_height = e->height;
  info->input_components = 3;
  info->in_color_space = JCS_RGB;
  jpeg_set_defaults(info);
  jpeg_set_quality(info, e->quality, TRUE);
  info->dct_method = JDCT_ISLOW;
  info->comp_info[0].h_samp_factor = 1;
  info->comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(info, TRUE);
  for (uint32_t y = 0; y < e->height; y++) {
    // libjpeg 6b's interface lacks the const; rows are only read.
    JSAMPROW row = (JSAMPROW)(e->samples + 3 * (size_t)e->width * y);
    jpeg_write_scanlines(info, &row, 1);
  }
  jpeg_finish_compress(info);
}

bool cjpeg_encode_rgb(const uint8_t *samples, uint32_t width, uint32_t height, int quality,
                      cjpeg_sink sink, void *context, char *message) {
  encoder e = {.samples = samples, .width = width, .height = height, .quality = quality,
               .sink = sink, .context = context};
  set_up(&e.failure, message);
  e.info.err = &e.failure.manager;
  const bool succeeded = attempt_encoding(&e, encode_rgb);
  jpeg_destroy_compress(&e.info);
  return succeeded;
}
