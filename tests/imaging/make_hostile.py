#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes hostile pictures into a folder, none of which may be taken: make_hostile.py FOLDER GOOD_JPEG GOOD_PNG GOOD_WEBP GOOD_GIF.
The good ones are cut short, joined with other things, and lied about."""
import pathlib, struct, sys, zlib

folder = pathlib.Path(sys.argv[1])
jpeg, png, webp, gif = (pathlib.Path(name).read_bytes() for name in sys.argv[2:6])
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width, height, body=b"", depth=8, colour=2, interlace=0):
    return PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg_of(width, height, marker=0xC0):
    at = jpeg.index(b"\xff\xc0")
    return jpeg[:at] + bytes((0xFF, marker)) + jpeg[at + 2:at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9:]


zeros = zlib.compress(bytes(1 << 20), 9)
good = {"jpg": jpeg, "png": png, "webp": webp, "gif": gif}
files = {}
for extension, data in good.items():
    for part in (10, 40, 75, 97):
        files[f"cut{part}.{extension}"] = data[:len(data) * part // 100]
    files[f"zip.{extension}"] = data + b"PK\x03\x04" + bytes(40)
    files[f"script.{extension}"] = data + b"<script>alert(1)</script>"
    files[f"php.{extension}"] = data + b"<?php system($_GET[0]); ?>"
swollen = zlib.compress(bytes(40 << 20), 9)
files.update({
    "bomb-text.png": png[:33] + chunk(b"zTXt", b"a\0\0" + swollen) + png[33:], "bomb-tail.png": png[:-12] + chunk(b"iTXt", b"a\0\1\0\0\0" + swollen) + png[-12:],
    "bomb-profile.png": png[:33] + chunk(b"iCCP", b"a\0\0" + swollen) + png[33:],
    "bomb-65000.png": png_of(65000, 65000, zeros), "bomb-65535.jpg": jpeg_of(65535, 65535), "bomb-wide.png": png_of(0x7FFFFFFF, 1, zeros),
    "bomb-tall.png": png_of(1, 0x7FFFFFFF, zeros), "bomb-interlaced.png": png_of(9000, 9000, zeros, interlace=1),
    "bomb-deep.png": png_of(20000, 20000, zeros, depth=16, colour=6), "bomb-progressive.jpg": jpeg_of(9000, 9000, 0xC2),
    "bomb.gif": b"GIF89a" + struct.pack("<HH", 65535, 65535) + gif[10:],
    "bomb.webp": b"RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2f\xff\xff\xff\x0f\0",
    "short-data.png": png_of(4000, 3000, zeros), "no-data.png": png_of(100, 100), "zero.png": png_of(0, 100, zeros),
    "colour9.png": png_of(10, 10, zeros, colour=9), "wrong-sum.png": png[:29] + b"\0\0\0\0" + png[33:],
    "lossless.jpg": jpeg_of(100, 100, 0xC3), "zero.jpg": jpeg_of(0, 0), "bigger-than-it-is.jpg": jpeg_of(8000, 6000),
    "svg.jpg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "html.png": b"<!doctype html><script>1</script>",
    "pdf.jpg": b"%PDF-1.4\n" + jpeg, "tiff.jpg": b"II*\0\x08\0\0\0" + bytes(100), "bmp.png": b"BM" + bytes(100),
    "avif.jpg": b"\0\0\0\x20ftypavif" + bytes(100), "heic.jpg": b"\0\0\0\x20ftypheic" + bytes(100), "zip.png": b"PK\x03\x04" + png,
    "empty.jpg": b"", "one-byte.png": b"\x89", "magic-only.jpg": b"\xff\xd8\xff", "magic-only.gif": b"GIF89a", "magic-only.webp": b"RIFF\xff\xff\xff\xffWEBP",
    "fill-bytes.jpg": b"\xff\xd8" + b"\xff" * 100000, "segment-lies.jpg": b"\xff\xd8\xff\xe1\xff\xff" + bytes(100),
    "no-frames.gif": gif[:13] + b";", "text.gif": b"GIF89a/*" + b"a" * 100 + b"*/=1;alert(1)", "elf.jpg": b"\x7fELF" + bytes(100),
    "flipped.png": png[:len(png) // 2] + bytes(byte ^ 0x55 for byte in png[len(png) // 2:len(png) // 2 + 64]) + png[len(png) // 2 + 64:],
})
for name, data in files.items():
    (folder / name).write_bytes(data)
print(len(files))
