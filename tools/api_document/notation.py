# SPDX-License-Identifier: Apache-2.0
#
# The notation of the API's document: how schemas.py and operations.py say what tools/write_api_document.py writes
# as OpenAPI 3.1.
#
# Types: "string", "int", "number", "bool", "instant" (RFC 3339, UTC), "date" (2026-11-25), "any", "enum:a|b",
# "[T]" a list, "{T}" an object of such values, "T?" null as well, anything else the name of a schema. A field's
# name with "?" at its end may be left out. A pair (type, words) says what the field is.

SCHEMAS = {}
PATHS = {}


def kind(text):
    text = text.strip()
    if text.endswith("?"):
        inner = kind(text[:-1])
        if "type" in inner and isinstance(inner["type"], str):
            made = dict(inner)
            made["type"] = [inner["type"], "null"]
            if "enum" in made:
                made["enum"] = made["enum"] + [None]
            return made
        return {"anyOf": [inner, {"type": "null"}]}
    if text.startswith("[") and text.endswith("]"):
        return {"type": "array", "items": kind(text[1:-1])}
    if text.startswith("{") and text.endswith("}"):
        return {"type": "object", "additionalProperties": kind(text[1:-1])}
    if text.startswith("enum:"):
        return {"type": "string", "enum": text[5:].split("|")}
    simple = {
        "string": {"type": "string"},
        "int": {"type": "integer"},
        "number": {"type": "number"},
        "bool": {"type": "boolean"},
        "instant": {"type": "string", "format": "date-time"},
        "date": {"type": "string", "format": "date"},
        "any": {},
    }
    return simple[text] if text in simple else {"$ref": "#/components/schemas/" + text}


def members(fields):
    properties, required = {}, []
    for name, value in fields.items():
        says = None
        if isinstance(value, tuple):
            value, says = value
        plain = name.rstrip("?")
        properties[plain] = kind(value) if isinstance(value, str) else value
        if says:
            properties[plain] = dict(properties[plain], description=says)
        if not name.endswith("?"):
            required.append(plain)
    made = {"type": "object", "properties": properties}
    if required:
        made["required"] = required
    return made


def schema(name, says, fields):
    SCHEMAS[name] = dict(members(fields), description=says)


def request(name, says, fields):
    """What is sent: what is not named here is refused."""
    schema(name, says, fields)
    SCHEMAS[name]["additionalProperties"] = False


def page_of(item):
    name = item + "Page"
    if name not in SCHEMAS:
        schema(name, "A part of a list; `next` goes into `after` for the following part, null at the end.",
                  {"items": "[%s]" % item, "next": "string?", "total?": ("int?", "null where counting would take long")})
    return name


PROBLEMS = {400: "Not understood", 401: "Not logged in, or the second factor is missing", 403: "Not allowed",
            404: "There is none", 409: "The state of things says no", 413: "Too large", 415: "Not that media type",
            422: "A field is wrong; `field` names it", 429: "Too often; Retry-After says when", 503: "Not now"}


def parameter(text, where):
    """name:type:description"""
    name, typed, says = (text.split(":", 2) + ["", ""])[:3] if ":" in text else (text, "string", "")
    if typed == "enum":
        choices, _, says = says.partition(":")
        typed = "enum:" + choices
    made = {"name": name, "in": where, "required": where == "path", "schema": kind(typed)}
    if says:
        made["description"] = says
    return made


LIST = ["after:string:`next` of the part before", "limit:int:1 to 200"]


def operation(method, path, permission, says, sends=None, answers=None, status=200, query=(), tag=None, more=None,
              name=None, media="application/json", gives="application/json", problems=()):
    captured = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    made = {"operationId": name or operation_name(method, path), "summary": says,
            "tags": [tag or path.split("/")[2] if path.startswith("/api/") else "site"], "x-permission": permission}
    texts = ("token", "section", "name", "message", "key", "slug")
    parameters = [parameter("%s:%s" % (one, "string" if one in texts else "int"), "path") for one in captured]
    parameters += [parameter(one, "query") for one in query]
    unsafe = method not in ("get",)
    if permission == "public":
        made["security"] = []
    else:
        made["security"] = [{"session": [], "csrf": []}, {"token": []}] if unsafe else [{"session": []}, {"token": []}]
    if parameters:
        made["parameters"] = parameters
    if sends:
        made["requestBody"] = {"required": True,
                               "content": {one: {"schema": kind(sends)} for one in media.split(",")}}
    response = {"description": "Done" if answers is None else "The answer"}
    if answers:
        response["content"] = {gives: {"schema": kind(answers)}}
    elif gives != "application/json":
        response["content"] = {one: {} for one in gives.split(",")}
    made["responses"] = {str(status): response}
    codes = set(problems)
    if permission != "public":
        codes |= {401, 403}
    if captured:
        codes.add(404)
    if sends:
        codes |= {400, 413, 415, 422}
    if query:
        codes.add(422)
    codes.add(503)
    for code in sorted(codes):
        made["responses"][str(code)] = {"description": PROBLEMS[code], "content": {
            "application/problem+json": {"schema": kind("Problem")}}}
    if more:
        made["description"] = more
    PATHS.setdefault(path, {})[method] = made


def operation_name(method, path):
    words = [part for part in path.split("/")[1:] if part]
    if words and words[0] == "api":
        words = words[1:]
    said = "".join(("By" + part[1:-1].title().replace("_", "")) if part.startswith("{")
                   else "".join(one.title() for one in part.replace(".", "-").split("-")) for part in words)
    return {"get": "get", "post": "post", "put": "put", "patch": "change", "delete": "remove"}[method] + said


def get(path, permission, says, answers=None, **more):
    operation("get", path, permission, says, answers=answers, **more)


def post(path, permission, says, sends=None, answers=None, **more):
    operation("post", path, permission, says, sends, answers, status=more.pop("status", 200 if answers else 204), **more)


def put(path, permission, says, sends, answers=None, **more):
    operation("put", path, permission, says, sends, answers, status=200 if answers else 204, **more)


def patch(path, permission, says, sends, answers=None, **more):
    operation("patch", path, permission, says, sends, answers, **more)


def delete(path, permission, says, **more):
    operation("delete", path, permission, says, status=204, **more)
