// SPDX-License-Identifier: Apache-2.0
//
// What rendition.c's side (decoder_client.c) and the decoder process say to each other: one fixed
// record a packet over a SOCK_SEQPACKET socket, a request and then its answer, at most one file
// descriptor with a request. The two are always the same binary, so there is no version in it.
// The parent believes nothing that an answer says but its own checks of it.
#pragma once

#include "model/image.h"

#define DECODER_SOCKET 3
#define DECODER_TEXT 512

typedef enum DecoderVerb {
  DECODER_OPEN,   // fd: the original. Decodes the rectangle, keeps it for MAKE until the next OPEN
  DECODER_MAKE,   // fd: an empty memfd, filled with one rendition of what is open
  DECODER_VERIFY, // fd: the original. Decodes all of it, keeps nothing
  DECODER_PROBE   // says which forbidden calls fail, and how: what the tests of the sandbox ask
} DecoderVerb;

typedef struct DecoderRequest {
  DecoderVerb verb;
  ImageFormat source;   // OPEN, VERIFY: by its first bytes, never by its name
  gint32 orientation;   // OPEN: EXIF 1..8
  gint32 width, height; // OPEN: the upright original's; MAKE: the rendition's
  CropRectangle crop;   // OPEN: of the upright original
  gint32 widest;        // OPEN: no rendition of it will be wider
  gboolean single;      // OPEN: only renditions of exactly `widest` and `single_height` follow
  gint32 single_height;
  ImageFormat format; // MAKE
  char creator[DECODER_TEXT], credit[DECODER_TEXT],
      rights[DECODER_TEXT]; // OPEN; UTF-8, NUL-terminated
} DecoderRequest;

// What PROBE tries, in the order of DecoderAnswer.probe: each is an errno, 0 when it was allowed.
typedef enum DecoderProbe {
  PROBE_OPEN_READ,
  PROBE_OPEN_WRITE,
  PROBE_SOCKET,
  PROBE_EXECVE,
  PROBE_FORK,
  PROBE_PTRACE,
  PROBE_KILL,
  PROBE_UNLINK,
  PROBE_COUNT
} DecoderProbe;

typedef struct DecoderAnswer {
  gboolean done;
  gboolean corrupt; // not done: the picture's fault, not ours
  guint64 length;   // MAKE: bytes written
  gint32 shrink;    // OPEN: the N of shrink-on-load
  gint32 probe[PROBE_COUNT];
  char message[DECODER_TEXT];
} DecoderAnswer;
