// SPDX-License-Identifier: Apache-2.0
//
// The decoder process: `broadsheet decoder`, started by decoder_client.c with a socket on fd 3.
// After warming up libvips it gives up everything (seccomp, Landlock, rlimits): open, socket
// and execve all fail. Only the JPEG, PNG, WebP and GIF loaders exist in it, called by name.
#pragma once

int decoder_main(void); // process exit status; called by src/main.c before anything else is set up
