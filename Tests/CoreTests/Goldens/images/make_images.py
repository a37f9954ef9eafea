"""Makes the files of this folder: small PNG and JPEG files of every kind, and expected.json.

    python3 -m venv .venv && .venv/bin/pip install pillow==13.0.0 numpy==2.4.6
    .venv/bin/python Tests/CoreTests/Goldens/images/make_images.py

PNG files are written byte by byte here, since no library writes all kinds, and their expected pixels are
computed from the numbers that went in; where Pillow reads a kind rightly, it must agree. JPEG files
come from Pillow, or are Pillow's with segments changed; their expected pixels are Pillow's.
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

FOLDER = pathlib.Path(__file__).resolve().parent
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]

expected = {"pictures": [], "labels": [], "notLabels": {}, "failures": []}


# PNG ------------------------------------------------------------------------------------------------


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width, height, depth, color, interlaced=False):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced)))


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def packed(rows, depth):
    """Scan lines of `rows` [h, w, c], each with another of the five filters."""
    step = max(1, rows.shape[2] * depth // 8)
    lines, previous = b"", None
    for y, row in enumerate(rows):
        bits = "".join(f"{value:0{depth}b}" for value in row.ravel())
        bits += "0" * (-len(bits) % 8)
        line = [int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)]
        up = previous or [0] * len(line)
        kind = y % 5
        lines += bytes([kind])
        for i, value in enumerate(line):
            a = line[i - step] if i >= step else 0
            c = up[i - step] if i >= step else 0
            prediction = [0, a, up[i], (a + up[i]) // 2, paeth(a, up[i], c)][kind]
            lines += bytes([(value - prediction) & 255])
        previous = line
    return lines


def png(samples, depth, color, interlaced=False, chunks=b""):
    height, width, _ = samples.shape
    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        data = b"".join(packed(part, depth) for part in passes if part.size)
    else:
        data = packed(samples, depth)
    stream = zlib.compress(data, 9)
    half = len(stream) // 2
    return (
        b"\x89PNG\r\n\x1a\n"
        + header(width, height, depth, color, interlaced)
        + chunks
        + chunk(b"IDAT", stream[:half])
        + chunk(b"IDAT", stream[half:])
        + chunk(b"IEND", b"")
    )


def rounded(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator)


def to_rgb(samples, depth, color, palette=None, transparent=None):
    """8-bit RGB over black, in integers."""
    samples = samples.astype(np.int64)
    top = 255 if color == PALETTE else 2**depth - 1
    if color == PALETTE:
        alphas = np.full(256, 255)
        alphas[: len(transparent or [])] = transparent or []
        colors = np.zeros((256, 3), np.int64)
        colors[: len(palette)] = palette
        rgb, alpha = colors[samples[..., 0]], alphas[samples[..., 0]]
    else:
        count = 3 if color in (RGB, RGB_ALPHA) else 1
        rgb = np.broadcast_to(samples[..., :count], samples.shape[:2] + (3,))
        if color in (GREY_ALPHA, RGB_ALPHA):
            alpha = samples[..., -1]
        elif transparent is not None:
            alpha = np.where((samples == np.array(transparent)).all(-1), 0, top)
        else:
            alpha = np.full(samples.shape[:2], top)
    return rounded(rounded(rgb * alpha[..., None], top) * 255, top).astype(np.uint8)


def expect(kind, name, array):
    """Notes that the file `name` holds `array`, once for all files that hold the same."""
    data = base64.b64encode(array.astype("u1" if kind == "pictures" else "<u2").tobytes()).decode()
    values = {"width": array.shape[1], "height": array.shape[0], "bytes": data}
    for entry in expected[kind]:
        if all(entry[key] == values[key] for key in values):
            entry["files"].append(name)
            return
    expected[kind].append({"files": [name]} | values)


def save_png(name, samples, depth, color, interlaced=False, palette=None, transparent=None, extra=b"", pillow=True):
    chunks = extra
    if palette is not None:
        chunks += chunk(b"PLTE", bytes(np.array(palette, np.uint8).ravel()))
    if transparent is not None:
        form = f"{len(transparent)}B" if color == PALETTE else f">{len(transparent)}H"
        chunks += chunk(b"tRNS", struct.pack(form, *transparent))
    data = png(samples, depth, color, interlaced, chunks)
    (FOLDER / name).write_bytes(data)
    rgb = to_rgb(samples, depth, color, palette, transparent)
    # Pillow compares scaled grey with an unscaled transparent value, and cuts 16 bits off.
    misreads = depth == 16 or (color == GREY and transparent is not None and depth < 8)
    if pillow and not misreads:
        image = Image.open(io.BytesIO(data)).convert("RGBA")
        theirs = np.asarray(image).astype(np.int64)
        theirs = rounded(theirs[..., :3] * theirs[..., 3:], 255)
        assert (theirs == rgb).all(), name
    expect("pictures", name, rgb)
    if color in (GREY, PALETTE):
        expect("labels", name, samples[..., 0])
    else:
        words = {RGB: "RGB", GREY_ALPHA: "grey with alpha", RGB_ALPHA: "RGB with alpha"}
        expected["notLabels"][name] = f"{depth}-bit {words[color]}"


def make_pngs():
    random = np.random.default_rng(1)
    depths = {GREY: [1, 2, 4, 8, 16], RGB: [8, 16], PALETTE: [1, 2, 4, 8], GREY_ALPHA: [8, 16], RGB_ALPHA: [8, 16]}
    names = {GREY: "grey", RGB: "rgb", PALETTE: "palette", GREY_ALPHA: "grey-alpha", RGB_ALPHA: "rgb-alpha"}
    for color, list_of_depths in depths.items():
        for depth in list_of_depths:
            count = min(2**depth, 100) if color == PALETTE else 2**depth
            palette = random.integers(0, 256, (count, 3)) if color == PALETTE else None
            samples = random.integers(0, count, (9, 9, CHANNELS[color]))
            for interlaced in (False, True):
                suffix = "-interlaced" if interlaced else ""
                save_png(f"{names[color]}{depth}{suffix}.png", samples, depth, color, interlaced, palette)
            if color == PALETTE:
                alphas = random.integers(0, 256, count // 2).tolist()
                save_png(f"palette{depth}-transparent.png", samples, depth, color, False, palette, alphas)
            if color in (GREY, RGB):
                samples = random.integers(0, 2**depth, (3, 5, CHANNELS[color]))
                save_png(
                    f"{names[color]}{depth}-transparent.png", samples, depth, color, False, None, samples[1, 2].tolist()
                )

    one = np.array([[[5]]])
    save_png("one-pixel-interlaced.png", one, 4, GREY, True)
    save_png("column-interlaced.png", np.arange(7).reshape(7, 1, 1), 8, GREY, True)
    # Gamma, significant bits and a profile must change nothing.
    gamma = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"sBIT", b"\x04")
    profile = chunk(b"iCCP", b"x\0\0" + zlib.compress(b"no profile"))
    save_png("gamma.png", np.arange(16).reshape(4, 4, 1), 4, GREY, extra=gamma + profile)
    # Index 3 has no colour: black in a picture, still 3 as a label.
    save_png("beyond-palette.png", np.array([[[0], [1], [3]]]), 2, PALETTE, palette=[(9, 8, 7), (1, 2, 3)], pillow=False)

    # Two megabytes of text in a few kilobytes, which must never be unpacked.
    bomb = chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(2 << 20), 9))
    save_png("text-bomb.png", one, 8, GREY, extra=bomb, pillow=False)
    pixel = zlib.compress(b"\0\0")
    failures = {
        "huge.png": header(60000, 60000, 8, RGB),
        "no-width.png": header(0, 1, 8, GREY),
        "no-height.png": header(1, 0, 8, GREY),
        "depth-3.png": header(1, 1, 3, GREY),
        "no-palette.png": header(1, 1, 8, PALETTE),
        "missing-rows.png": header(1, 2, 8, GREY),
    }
    for name, start in failures.items():
        data = b"\x89PNG\r\n\x1a\n" + start + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
        (FOLDER / name).write_bytes(data)
        expected["failures"].append(name)


# JPEG -----------------------------------------------------------------------------------------------


def smooth(height, width, channels, seed):
    """A picture with gradients and some noise, as photographs have."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        127 + 90 * np.sin(x / (2 + c) + c) * np.cos(y / (3 + c)) + random.normal(0, 8, (height, width))
        for c in range(channels)
    ]
    return np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)


def pillow_bytes(array, mode, **options):
    file = io.BytesIO()
    Image.fromarray(array[..., 0] if mode == "L" else array, mode).save(file, "JPEG", **options)
    return file.getvalue()


def adobe_segment(data):
    """Where the Adobe segment (APP14) starts and ends."""
    start = data.index(b"\xff\xee")
    return start, start + 2 + struct.unpack(">H", data[start + 2 : start + 4])[0]


def save_jpeg(name, data, is_inverted=True):
    (FOLDER / name).write_bytes(data)
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode == "CMYK":
        # Pillow takes all inks for inverted and gives 255 for full ink.
        inks = np.asarray(image).astype(np.int64)
        light = 255 - inks if is_inverted else inks
        rgb = rounded(light[..., :3] * light[..., 3:], 255)
    else:
        rgb = np.asarray(image.convert("RGB"))
    expect("pictures", name, rgb)


def exif(orientation, order):
    """An Exif segment whose first directory has the orientation behind another entry."""
    mark = b"II" if order == "<" else b"MM"
    tiff = mark + struct.pack(order + "HIH", 42, 8, 2)
    tiff += struct.pack(order + "HHIHH", 0x0100, 3, 1, 7, 0)
    tiff += struct.pack(order + "HHIHHI", 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def many_scans(count):
    """A grey 8×8 progressive file with `count` lawful scans, almost all of which say nothing."""

    def segment(marker, body):
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    def table(kind):
        return segment(0xC4, bytes([kind, 1] + [0] * 15 + [0]))  # one code of one bit, for symbol 0

    def scan(first, last, high, low):
        return segment(0xDA, bytes([1, 1, 0, first, last, high << 4 | low])) + b"\x7f"

    data = b"\xff\xd8" + segment(0xDB, bytes([0] + [1] * 64))
    data += segment(0xC2, struct.pack(">BHHBBBB", 8, 8, 8, 1, 1, 0x11, 0)) + table(0x00) + table(0x10)
    scans = [scan(0, 0, 0, 0)]
    for k in range(1, 64):
        scans.append(scan(k, k, 0, 13))
        scans += [scan(k, k, low + 1, low) for low in range(12, -1, -1)]
    return data + b"".join(scans[:count]) + b"\xff\xd9"


def make_jpegs():
    colors = smooth(13, 17, 3, 2)
    inks = smooth(13, 17, 4, 3)
    grey = smooth(11, 9, 1, 4)
    save_jpeg("grey.jpg", pillow_bytes(grey, "L"))
    save_jpeg("grey-progressive.jpg", pillow_bytes(grey, "L", progressive=True))
    for sampling in ("4:4:4", "4:2:2", "4:2:0"):
        plain = sampling.replace(":", "")
        save_jpeg(f"ycc{plain}.jpg", pillow_bytes(colors, "RGB", quality=85, subsampling=sampling))
    save_jpeg("progressive.jpg", pillow_bytes(colors, "RGB", quality=85, subsampling="4:2:0", progressive=True))
    save_jpeg("restarts.jpg", pillow_bytes(colors, "RGB", restart_marker_blocks=1))
    save_jpeg("rgb.jpg", pillow_bytes(colors, "RGB", quality=90, keep_rgb=True))
    save_jpeg("one-pixel.jpg", pillow_bytes(smooth(1, 1, 3, 5), "RGB"))

    cmyk = pillow_bytes(inks, "CMYK", quality=90)
    start, end = adobe_segment(cmyk)
    save_jpeg("cmyk.jpg", cmyk)
    save_jpeg("cmyk-plain.jpg", cmyk[:start] + cmyk[end:], is_inverted=False)
    save_jpeg("ycck.jpg", cmyk[: end - 1] + b"\x02" + cmyk[end:])  # the last byte names the transform
    save_jpeg("cmyk-progressive.jpg", pillow_bytes(inks, "CMYK", quality=90, progressive=True))

    small = pillow_bytes(smooth(6, 10, 3, 6), "RGB", optimize=True)
    for orientation in range(1, 9):
        for order, word in (("<", "little"), (">", "big")):
            if word == "big" and orientation not in (2, 6):
                continue
            data = small[:2] + exif(orientation, order) + small[2:]
            save_jpeg(f"orientation{orientation}-{word}.jpg", data)
    # Filler between segments is harmless, and so is anything behind the end.
    save_jpeg("filler.jpg", small[:-2] + b"\0\0" + small[-2:] + b"more")

    # One scan more than are read.
    (FOLDER / "scans-100.jpg").write_bytes(many_scans(100))
    expect("pictures", "scans-100.jpg", np.full((8, 8, 3), 128))
    (FOLDER / "scans-101.jpg").write_bytes(many_scans(101))
    expected["failures"].append("scans-101.jpg")
    frame = pillow_bytes(grey, "L")
    at = frame.index(b"\xff\xc0") + 5  # the height, then the width
    for name, sides in (("huge", (60000, 60000)), ("no-width", (11, 0)), ("no-height", (0, 9))):
        (FOLDER / f"{name}.jpg").write_bytes(frame[:at] + struct.pack(">HH", *sides) + frame[at + 4 :])
        expected["failures"].append(f"{name}.jpg")


if __name__ == "__main__":
    for old in (*FOLDER.glob("*.png"), *FOLDER.glob("*.jpg")):
        old.unlink()
    make_pngs()
    make_jpegs()
    (FOLDER / "expected.json").write_text(json.dumps(expected).replace('{"files', '\n{"files') + "\n")
