#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Writes docs/api/openapi.json (OpenAPI 3.1) from tools/api_document: what the newsroom and integrations may ask
# for. The document is embedded, served at /api/openapi.json, and compared with the running server by
# tests/system/test_api.py.
#
#   tools/write_api_document.py docs/api/openapi.json          writes it
#   tools/write_api_document.py --check docs/api/openapi.json  fails if it is not up to date

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from api_document import notation, schemas, operations  # noqa: E402,F401

ABOUT = """Everything that the newsroom's web application does goes through this interface, and so may others.

**Who asks.** People log in (`POST /api/session`); the session is a cookie, and whatever changes something sends the
session's `csrf` in the header `X-CSRF-Token` along with an Origin (or Sec-Fetch-Site) of the newspaper's own.
Programs send `Authorization: Bearer <token>` (see `/api/tokens`) and no cookie. Each operation names the permission
that it needs in `x-permission`; `GET /api/permissions` tells which role has which. `public` needs nothing, `account`
any person who is logged in.

**Faults** are problem details (RFC 9457): `status`, `title`, `detail` for people, `code` for programs, `field` where
one field is wrong.

**Lists** come in parts: `items`, and `next` to hand on as `after`.

**Instants** are RFC 3339 in UTC; days are those of the newspaper's time zone. What a request does not name stays as it
is; what it names and the schema doesn't is refused (422)."""


def document():
    return {
        "openapi": "3.1.0",
        "info": {"title": "Broadsheet", "version": "1", "description": ABOUT,
                 "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": says} for name, says in operations.TAGS],
        "paths": notation.PATHS,
        "components": {
            "schemas": notation.SCHEMAS,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "broadsheet_session",
                            "description": "__Host-broadsheet_session under https"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def main(arguments):
    check = arguments[:1] == ["--check"]
    path = arguments[1 if check else 0]
    text = json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
    if check:
        if open(path, encoding="utf-8").read() != text:
            sys.exit("%s is not what tools/write_api_document.py writes: run it" % path)
        return
    open(path, "w", encoding="utf-8").write(text)


main(sys.argv[1:])
