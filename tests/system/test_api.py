#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The newsroom's interface as programs and browsers meet it: the real binary, its document, its people.

usage: test_api.py BINARY

- every operation of docs/api/openapi.json x who asks (nobody, each role, a session without its CSRF token or from
  another site, a token without the scope): 401, 403, or let through; what is let through answers by its schema;
- a newcomer's way: the first start's link, a story written by two, published, corrected; second factors; new
  passwords; nobody learns who has an account.
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zlib

import jsonschema

BINARY = ""
ROLES = ("owner", "editor", "author", "contributor")
PASSWORD = "correct horse battery staple"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


class Browser:
    """Keeps its cookie and the CSRF token, as a browser with the application in it does."""

    def __init__(self, port, token=None):
        self.port, self.token, self.cookie, self.csrf = port, token, None, None

    def ask(self, method, path, body=None, headers=None, csrf=True, raw=None, media="application/json"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {}
        if self.token:
            sent["Authorization"] = "Bearer " + self.token
        elif self.cookie:
            sent["Cookie"] = self.cookie
            if csrf and self.csrf and method != "GET":
                sent["X-CSRF-Token"] = self.csrf
        data = raw
        if body is not None:
            data = json.dumps(body)
        if data is not None:
            sent["Content-Type"] = media
        sent.update(headers or {})
        connection.request(method, path, data, sent)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            self.cookie = cookie.split(";")[0]
        kind = answer.getheader("Content-Type") or ""
        said = json.loads(text) if "json" in kind and text else text
        if isinstance(said, dict) and said.get("csrf"):
            self.csrf = said["csrf"]
        return answer.status, said

    def log_in(self, email, password=PASSWORD):
        return self.ask("POST", "/api/session", {"email": email, "password": password})


class Paper:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="broadsheet-api-")
        self.start()

    def start(self):
        self.process = subprocess.Popen([BINARY, "-C", self.folder, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
        self.port, self.set_up = None, getattr(self, "set_up", None)
        for line in self.process.stdout:
            port = re.search(r"localhost:(\d+)", line)
            link = re.search(r"set-up#(\w+)", line)
            self.port = int(port.group(1)) if port else self.port
            self.set_up = link.group(1) if link else self.set_up
            if "Ctrl-C" in line:
                break

    def add(self, role):
        subprocess.run([BINARY, "-C", self.folder, "staff", "add", role + "@example.org", "--role", role, "--name", role.title()],
                       input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def code(secret, steps=0):
    moving = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), moving, hashlib.sha1).digest()
    offset = digest[19] & 15
    return "%06d" % ((struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1000000)


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.paper = Paper()
        cls.owner = Browser(cls.paper.port)
        status, said = cls.owner.ask("POST", "/api/set-up", {"token": cls.paper.set_up, "email": "owner@example.org", "name": "Owner",
                                                             "password": PASSWORD})
        assert status == 200 and said["state"] == "active", said
        cls.people = {"owner": cls.owner}
        for role in ROLES[1:]:
            cls.paper.add(role)
            cls.people[role] = Browser(cls.paper.port)
            assert cls.people[role].log_in(role + "@example.org")[0] == 200
        cls.document = cls.owner.ask("GET", "/api/openapi.json")[1]
        status, cls.section = cls.owner.ask("POST", "/api/sections", {"slug": "town", "name": "Town"})
        assert status == 201, cls.section

    @classmethod
    def tearDownClass(cls):
        cls.paper.stop()

    def operations(self):
        for path, methods in sorted(self.document["paths"].items()):
            for method, operation in sorted(methods.items()):
                yield method.upper(), re.sub(r"\{(section|slug)\}", "nowhere", re.sub(r"\{(?!section|slug)\w+\}", "999999", path)), path, operation

    def roles_of(self, permission):
        for one in self.owner.ask("GET", "/api/permissions")[1]["permissions"]:
            if one["name"] == permission:
                return one["roles"]
        return list(ROLES)


class EveryRoute(Case):
    def test_nobody(self):
        nobody = Browser(self.paper.port)
        for method, path, _, operation in self.operations():
            status, said = nobody.ask(method, path, {} if method != "GET" else None)
            if operation["x-permission"] == "public":
                self.assertNotIn(status, (401, 405), (method, path, said))
            else:
                self.assertEqual(status, 401, (method, path, said))
                self.assertEqual(said["code"], "unauthenticated")

    def test_a_stranger_with_a_made_up_session_or_token(self):
        for headers in ({"Cookie": "broadsheet_session=" + "0" * 64}, {"Authorization": "Bearer bs_" + "0" * 64}):
            status, _ = Browser(self.paper.port).ask("GET", "/api/account", headers=headers)
            self.assertEqual(status, 401)

    def test_each_role(self):
        skip = {("DELETE", "/api/session"), ("DELETE", "/api/account/sessions"), ("POST", "/api/mailings")}
        for method, path, pattern, operation in self.operations():
            allowed = self.roles_of(operation["x-permission"])
            if operation["x-permission"] == "public" or (method, path) in skip:
                continue
            for role in ROLES:
                status, said = self.people[role].ask(method, path, {} if method != "GET" else None)
                if role not in allowed:
                    self.assertEqual(status, 403, (role, method, path, said))
                    self.assertEqual(said["code"], "forbidden")
                else:
                    self.assertNotIn(status, (401, 403, 405), (role, method, path, said))
                    self.assertLess(status, 500, (role, method, path, said))

    def test_without_the_csrf_token_and_from_another_site(self):
        for method, path, _, operation in self.operations():
            if method == "GET" or operation["x-permission"] == "public":
                continue
            for role in ("owner", "contributor"):
                status, said = self.people[role].ask(method, path, {}, csrf=False)
                self.assertEqual((status, said["code"]), (403, "csrf"), (role, method, path))
                status, said = self.people[role].ask(method, path, {}, headers={"Origin": "https://evil.example"})
                self.assertEqual((status, said["code"]), (403, "csrf"), (role, method, path))
                status, said = self.people[role].ask(method, path, {}, headers={"Sec-Fetch-Site": "cross-site"})
                self.assertEqual((status, said["code"]), (403, "csrf"), (role, method, path))

    def test_public_ones_are_not_posted_to_from_another_site(self):
        for method, path, _, operation in self.operations():
            if method != "GET" and operation["x-permission"] == "public":
                status, _ = Browser(self.paper.port).ask(method, path, {}, headers={"Origin": "https://evil.example"})
                self.assertEqual(status, 403, (method, path))

    def test_a_token_without_the_scope(self):
        status, made = self.owner.ask("POST", "/api/tokens", {"name": "one scope", "scopes": ["audit.read"]})
        self.assertEqual(status, 201, made)
        program = Browser(self.paper.port, token=made["secret"])
        self.assertEqual(program.ask("GET", "/api/audit")[0], 200)
        for method, path, _, operation in self.operations():
            if operation["x-permission"] not in ("public", "audit.read"):
                status, said = program.ask(method, path, {} if method != "GET" else None)
                self.assertEqual(status, 403, (method, path, said))
        self.assertEqual(self.owner.ask("DELETE", "/api/tokens/%d" % made["token"]["id"])[0], 204)
        self.assertEqual(program.ask("GET", "/api/audit")[0], 401)

    def test_answers_are_as_the_document_says(self):
        story = self.owner.ask("POST", "/api/stories", {"headline": "By the schema", "body": "Words.\n", "section_id": self.section["id"]})[1]
        image = self.owner.ask("POST", "/api/images?name=dot.png", raw=PNG, media="image/png")[1]
        self.owner.ask("POST", "/api/stories/%d/publish" % story["id"], {"base_revision": story["revision"]})
        known = {"/api/stories/{id}": story["id"], "/api/images/{id}": image.get("id", 1), "/api/content/stories/{id}": story["id"]}
        checked = 0
        for method, _, pattern, operation in self.operations():
            if method != "GET":
                continue
            prefix = next((one for one in known if pattern.startswith(one)), None)
            path = pattern.replace(prefix, prefix.replace("{id}", str(known[prefix]))) if prefix else pattern
            path = path.replace("{section}", "front").replace("{number}", "1").replace("/api/staff/{id}", "/api/staff/1").replace("/api/newsletters/{id}", "/api/newsletters/1")
            status, said = self.owner.ask("GET", path)
            schema = operation["responses"].get(str(status), {}).get("content", {})
            if "{" in path or status == 404 or "application/json" not in schema:
                continue
            self.assertEqual(status, 200, (path, said))
            jsonschema.validate(said, dict(schema["application/json"]["schema"], components=self.document["components"]))
            checked += 1
        self.assertGreater(checked, 45)

    def test_faults_are_problem_details(self):
        for status, method, path, body in ((404, "GET", "/api/stories/999999", None), (422, "POST", "/api/stories", {"nothing": 1}),
                                           (404, "GET", "/api/no/such/thing", None), (422, "POST", "/api/sections", {"slug": "X Y", "name": ""})):
            got, said = self.owner.ask(method, path, body)
            self.assertEqual(got, status, said)
            jsonschema.validate(said, dict(self.document["components"]["schemas"]["Problem"], components=self.document["components"]))
        status, _ = self.owner.ask("POST", "/api/stories", raw="{\"a\":", media="application/json")
        self.assertEqual(status, 400)
        status, _ = self.owner.ask("POST", "/api/stories", raw="a=b", media="text/csv")
        self.assertEqual(status, 415)


class Stories(Case):
    def test_two_writers_lose_no_word(self):
        author, editor = self.people["author"], self.people["editor"]
        status, story = author.ask("POST", "/api/stories", {"headline": "Two at once", "body": "First.\n\nSecond.\n\nThird.\n", "section_id": self.section["id"]})
        self.assertEqual(status, 201)
        path = "/api/stories/%d" % story["id"]
        self.assertEqual(editor.ask("PATCH", path, {"base_revision": 1, "body": "First, said the editor.\n\nSecond.\n\nThird.\n"})[1]["outcome"], "saved")
        said = author.ask("PATCH", path, {"base_revision": 1, "body": "First.\n\nSecond.\n\nThird, said the author.\n"})[1]
        self.assertEqual(said["outcome"], "merged")
        self.assertEqual(said["story"]["body"], "First, said the editor.\n\nSecond.\n\nThird, said the author.\n")
        said = author.ask("PATCH", path, {"base_revision": 1, "body": "Quite another beginning.\n\nSecond.\n\nThird.\n"})[1]
        self.assertEqual(said["outcome"], "conflict")
        for words in ("said the editor", "Quite another beginning", "said the author"):
            self.assertIn(words, said["story"]["body"])
        self.assertEqual(author.ask("POST", path + "/publish", {"base_revision": said["story"]["revision"]})[0], 422)

    def test_staged_changes_stay_hidden_and_corrections_show(self):
        editor = self.people["editor"]
        story = editor.ask("POST", "/api/stories", {"headline": "Seen", "body": "The mayor is 41.\n", "section_id": self.section["id"]})[1]
        path = "/api/stories/%d" % story["id"]
        seen = editor.ask("POST", path + "/publish", {"base_revision": 1})[1]
        self.assertEqual(seen["status"], "published")
        editor.ask("PATCH", path, {"base_revision": seen["revision"], "body": "The mayor is 41.\n\nA secret addition.\n"})
        page = editor.ask("GET", seen["url"])[1].decode()
        self.assertNotIn("secret addition", page)
        self.assertNotIn("secret addition", json.dumps(editor.ask("GET", "/api/content/stories/%d" % story["id"])[1]))
        status, _ = editor.ask("POST", path + "/corrections", {"wrong": "The mayor's age", "right": "She is 42.",
                                                               "replace": [{"field": "body", "find": "is 41", "with": "is 42"}]})
        self.assertEqual(status, 201)
        page = editor.ask("GET", seen["url"])[1].decode()
        self.assertIn("is 42", page)
        self.assertIn("She is 42.", page)
        self.assertNotIn("secret addition", page)
        self.assertIn("secret addition", editor.ask("GET", path)[1]["body"])
        self.assertIn("She is 42.", editor.ask("GET", "/corrections")[1].decode())

    def test_what_is_shared_and_found_is_what_the_editor_said(self):
        editor = self.people["editor"]
        picture = editor.ask("POST", "/api/images?name=share.png", raw=PNG, media="image/png")[1]
        story = editor.ask("POST", "/api/stories", {"headline": "Headline", "standfirst": "Standfirst", "body": "Words.\n", "section_id": self.section["id"]})[1]
        path = "/api/stories/%d" % story["id"]

        def page(**fields):
            now = editor.ask("GET", path)[1]
            saved = editor.ask("PATCH", path, {"base_revision": now["revision"], **fields})
            self.assertEqual(saved[0], 200, saved)
            seen = editor.ask("POST", path + "/publish", {"base_revision": saved[1]["story"]["revision"]})[1]
            text = editor.ask("GET", seen["url"])[1].decode()
            tags = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', text)
            return dict(tags), re.search(r"<title>([^<]*)</title>", text).group(1), text

        tags, title, _ = page(standfirst="Standfirst.")
        self.assertEqual((tags["og:title"], tags["og:description"], tags["description"]), ("Headline", "Standfirst.", "Standfirst."))
        self.assertNotIn("og:image", tags)
        tags, title, text = page(seo_title="Found", seo_description="Found so")
        self.assertTrue(title.startswith("Found |"), title)
        self.assertEqual((tags["og:title"], tags["og:description"], tags["description"]), ("Found", "Found so", "Found so"))
        self.assertIn('"description":"Found so"', text)
        tags, title, text = page(share_title="Shared", share_description="Shared so", share_image_id=picture["id"])
        self.assertEqual((tags["og:title"], tags["og:description"], tags["description"]), ("Shared", "Shared so", "Found so"))
        self.assertEqual((tags["twitter:title"], tags["twitter:description"], tags["twitter:card"]), ("Shared", "Shared so", "summary_large_image"))
        self.assertIn("/images/%d/" % picture["id"], tags["og:image"])
        self.assertIn("<h1", text)
        self.assertIn(">Headline<", text)

    def test_a_contributor_publishes_by_no_route(self):
        contributor = self.people["contributor"]
        story = contributor.ask("POST", "/api/stories", {"headline": "Mine", "body": "Words.\n", "section_id": self.section["id"]})[1]
        path = "/api/stories/%d" % story["id"]
        for route, body in (("/publish", {"base_revision": 1}), ("/schedule", {"at": "2036-01-01T00:00:00Z"}), ("/corrections", {"wrong": "a", "right": "b"}),
                            ("/withdraw", {}), ("/unschedule", {})):
            self.assertEqual(contributor.ask("POST", path + route, body)[0], 403, route)
        self.assertEqual(contributor.ask("POST", path + "/stage", {"stage": "published"})[0], 409)
        for body in ({"base_revision": 1, "status": "published"}, {"base_revision": 1, "stage": "published"}):
            self.assertEqual(contributor.ask("PATCH", path, body)[0], 422)
        other = self.people["editor"].ask("POST", "/api/stories", {"headline": "Theirs", "body": "Words.\n"})[1]
        self.assertEqual(contributor.ask("GET", "/api/stories/%d" % other["id"])[0], 404)
        self.assertEqual(contributor.ask("PATCH", "/api/stories/%d" % other["id"], {"base_revision": 1, "body": "x"})[0], 404)
        self.assertNotIn("Theirs", json.dumps(contributor.ask("GET", "/api/stories")[1]))
        author = self.people["author"]
        self.assertEqual(author.ask("POST", "/api/stories/%d/publish" % other["id"], {"base_revision": 1})[0], 403)


def large_picture(number, side=4096):
    """A PNG of 50 MB: pixels that nothing compresses, no two pictures the same."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = bytearray((side * 3 + 1) * side)
    rows[1] = number
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(bytes(rows), 0)) + chunk(b"IEND", b""))


class Told(Case):
    """Webhooks, the audit log and embargoes, whichever way a story or a reader goes."""

    def told(self, hook):
        return self.owner.ask("GET", "/api/webhooks/%d/deliveries?limit=200" % hook)[1]["items"]

    def wait_for(self, hook, event):
        for _ in range(600):
            found = [one for one in self.told(hook) if one["event"] == event]
            if found:
                return found
            time.sleep(0.05)
        self.fail("%s was told to nobody" % event)

    def command(self, *words):
        return subprocess.run([BINARY, "-C", self.paper.folder, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)

    def story(self, headline):
        return self.owner.ask("POST", "/api/stories", {"headline": headline, "body": "Words.\n", "section_id": self.section["id"]})[1]["id"]

    def test_what_happens_is_told(self):
        events = ["story.published", "story.corrected", "story.withdrawn", "subscriber.confirmed", "subscriber.left"]
        status, said = self.owner.ask("POST", "/api/webhooks", {"url": "https://127.0.0.1:9/hook", "events": events})
        self.assertEqual(status, 201, said)
        hook = said["webhook"]["id"]
        by_command, by_hour = self.story("By command"), self.story("By the hour")
        self.assertEqual(self.command("publish", str(by_command)).returncode, 0)
        self.wait_for(hook, "story.published")
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
        self.assertEqual(self.owner.ask("POST", "/api/stories/%d/schedule" % by_hour, {"at": at})[0], 200)
        for _ in range(600):
            if len(self.wait_for(hook, "story.published")) == 2:
                break
            time.sleep(0.05)
        self.assertEqual(len(self.told(hook)), 2)
        self.assertEqual(self.command("correct", str(by_command), "--wrong", "a", "--right", "b").returncode, 0)
        self.wait_for(hook, "story.corrected")
        self.assertEqual(self.command("withdraw", str(by_command)).returncode, 0)
        self.wait_for(hook, "story.withdrawn")
        audit = {(one["action"], one["via"]) for one in self.owner.ask("GET", "/api/audit?limit=100")[1]["items"]}
        for line in (("story.publish", "command"), ("story.publish", "schedule"), ("story.correct", "command"), ("story.withdraw", "command")):
            self.assertIn(line, audit)
        # A reader who is added, and leaves.
        status, said = self.owner.ask("POST", "/api/subscribers", {"address": "told@example.org", "newsletters": ["daily"], "consent": "on paper"})
        self.assertEqual(status, 201, said)
        self.assertEqual(self.owner.ask("POST", "/api/subscribers/%d/leave" % said["subscriber"]["id"])[0], 200)
        self.wait_for(hook, "subscriber.left")
        # Nobody is there: tried, put off, and sent again by hand.
        for _ in range(600):
            one = self.told(hook)[-1]
            if one["attempts"] > 0:
                break
            time.sleep(0.05)
        self.assertEqual((one["state"], one["status"]), ("waiting", 0), one)
        self.assertIsNotNone(one["next_at"])
        self.assertEqual(self.owner.ask("POST", "/api/webhooks/%d/deliveries/%d/again" % (hook, one["id"]))[0], 202)
        self.assertEqual(self.owner.ask("POST", "/api/webhooks/%d/deliveries/999999/again" % hook)[0], 404)

    def test_an_embargo_holds_everywhere(self):
        id = self.story("Not yet")
        revision = self.owner.ask("GET", "/api/stories/%d" % id)[1]["revision"]
        said = self.owner.ask("PATCH", "/api/stories/%d" % id, {"base_revision": revision, "embargo_until": "2099-01-01T00:00:00Z"})
        self.assertEqual(said[0], 200, said)
        ran = self.command("publish", str(id))
        self.assertNotEqual(ran.returncode, 0)
        for words in ("Not yet", "embargo until 2099-01-01", "lift"):
            self.assertIn(words, ran.stderr)
        self.assertNotEqual(self.command("schedule", str(id), "2098-01-01 10:00").returncode, 0)
        revision = said[1]["story"]["revision"]
        status, said = self.owner.ask("POST", "/api/stories/%d/publish" % id, {"base_revision": revision})
        self.assertEqual(status, 409)
        self.assertIn("embargo until", said["detail"])


class Events(Case):
    def watch(self, mailing, last=None):
        asked = socket.create_connection(("127.0.0.1", self.paper.port), timeout=60)
        head = "GET /api/mailings/%d/events HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n" % (mailing, self.owner.cookie)
        asked.sendall((head + ("Last-Event-ID: %s\r\n" % last if last else "") + "\r\n").encode())
        return asked

    def hear(self, asked, wanted):
        heard = b""
        while wanted not in heard:
            piece = asked.recv(65536)
            self.assertTrue(piece, heard)
            heard += piece
        return heard

    def test_a_mailing_is_watched_by_one_held_answer(self):
        story = self.owner.ask("POST", "/api/stories", {"headline": "Alert", "body": "Words.\n", "section_id": self.section["id"]})[1]
        self.owner.ask("POST", "/api/stories/%d/publish" % story["id"], {"base_revision": story["revision"]})
        planned = self.owner.ask("POST", "/api/alerts/plan", {"story_id": story["id"]})[1]
        status, mailing = self.owner.ask("POST", "/api/alerts", {"story_id": story["id"], "recipients": planned["recipients"]})
        self.assertEqual(status, 201, mailing)
        id = mailing["id"]
        first = self.watch(id)
        heard = self.hear(first, b"\n\n\r\n")
        self.assertIn(b"Transfer-Encoding: chunked", heard)
        self.assertIn(b"event: progress\ndata: {", heard)
        name = re.search(rb"id: (\w+)\n", heard).group(1).decode()
        first.settimeout(1.5)
        with self.assertRaises(socket.timeout):  # held, and nothing new is said
            while True:
                self.assertTrue(first.recv(1000))
        second = self.watch(id, name)
        second.settimeout(2)
        try:
            self.assertNotIn(("id: " + name).encode(), self.hear(second, b"data: "))
        except socket.timeout:
            pass
        crowd = [self.watch(id) for _ in range(70)]
        kinds = [b"chunked" in self.hear(one, b"data: {") for one in crowd]
        self.assertEqual(kinds.count(True), 62)
        self.assertEqual(kinds.count(False), 8)  # in the old way
        for one in crowd + [first, second]:
            one.close()
        for _ in range(200):  # those who left make room
            again = self.watch(id)
            held = b"chunked" in self.hear(again, b"data: {")
            again.close()
            if held:
                break
            time.sleep(0.05)
        self.assertTrue(held)


class Uploads(Case):
    def memory(self):
        with open("/proc/%d/status" % self.paper.process.pid, encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) // 1024

    def test_ten_large_pictures_at_once_stay_out_of_memory(self):
        pictures = [large_picture(i) for i in range(10)]
        self.assertGreater(len(pictures[0]), 50_000_000)
        before, most, answers = self.memory(), 0, []

        def send(bytes):
            answers.append(self.owner.ask("POST", "/api/images?name=large.png", raw=bytes, media="image/png"))

        threads = [threading.Thread(target=send, args=(one,)) for one in pictures]
        for one in threads:
            one.start()
        while any(one.is_alive() for one in threads):
            most = max(most, self.memory())
            time.sleep(0.02)
        self.assertEqual([status for status, _ in answers], [201] * 10, answers)
        self.assertEqual(len({said["id"] for _, said in answers}), 10)
        print("ten pictures of 50 MB at once: %d MB before, %d MB at most" % (before, most))
        self.assertLess(most - before, 250)

    def test_nobody_unknown_sends_a_byte(self):
        asked = socket.create_connection(("127.0.0.1", self.paper.port))
        asked.sendall(b"POST /api/images HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\nExpect: 100-continue\r\n\r\n")
        self.assertTrue(asked.recv(100).startswith(b"HTTP/1.1 401"))
        asked.close()


class Readers(Case):
    def settle(self, id, states=("done", "failed", "cancelled", "checked")):
        for _ in range(1200):
            status, said = self.owner.ask("GET", "/api/subscribers/imports/%d" % id)
            self.assertEqual(status, 200, said)
            if said["state"] in states:
                return said
            time.sleep(0.05)
        self.fail("import %d is %s" % (id, said["state"]))

    def upload(self, text, name="readers.csv"):
        return self.owner.ask("POST", "/api/subscribers/imports?name=" + name, raw=text.encode(), media="text/csv")

    def check(self, said, name="SubscriberImport"):
        schema = {"$ref": "#/components/schemas/" + name, "components": self.document["components"]}
        jsonschema.validate(said, schema)

    def test_import_and_export(self):
        counts = self.owner.ask("GET", "/api/subscribers/counts")[1]["active"]
        lines = ["Contact;Called;Note"] + ["reader%d@example.org;Reader %d;x" % (i, i) for i in range(3000)] + ["no address;Nobody;y"]
        status, said = self.upload("\n".join(lines) + "\n")
        self.assertEqual((status, said["state"]), (201, "uploaded"), said)
        self.check(said)
        self.assertEqual([one["heading"] for one in said["look"]["columns"]], ["Contact", "Called", "Note"])
        self.assertEqual(said["look"]["delimiter"], ";")
        self.assertEqual(said["look"]["columns"][1]["samples"][0], "Reader 0")
        path = "/api/subscribers/imports/%d" % said["id"]
        wish = {"columns": ["address", "name", "ignore"], "newsletters": ["daily"], "consent": "paper forms, May", "dry_run": True}
        for wrong in ({"consent": ""}, {"newsletters": ["nothing"]}):
            self.assertEqual(self.owner.ask("POST", path + "/start", {**wish, **wrong})[0], 422, wrong)
        self.assertEqual(self.owner.ask("POST", path + "/start", wish)[0], 202)
        tried = self.settle(said["id"])
        self.assertEqual((tried["state"], tried["created"], tried["refused"]), ("checked", 3000, 1), tried)
        self.assertEqual(tried["refusals"][0]["line"], 3002)
        self.assertEqual(self.owner.ask("GET", "/api/subscribers/counts")[1]["active"], counts)  # nothing was written
        self.assertEqual(self.owner.ask("POST", path + "/start", {**wish, "dry_run": False})[0], 202)
        done = self.settle(said["id"])
        self.check(done)
        self.assertEqual((done["state"], done["created"], done["refused"], done["progress"]), ("done", 3000, 1, 1), done)
        self.assertEqual(self.owner.ask("GET", "/api/subscribers/counts")[1]["active"], counts + 3000)
        refused = self.owner.ask("GET", path + "/refused")[1].decode("utf-8-sig")
        self.assertIn("no address", refused)
        self.assertEqual(self.owner.ask("POST", path + "/start", wish)[0], 409)
        self.assertEqual(self.owner.ask("POST", path + "/cancel")[0], 409)
        status, exported = self.owner.ask("GET", "/api/subscribers/export?status=active")
        self.assertEqual(status, 200)
        rows = exported.decode("utf-8-sig").strip().splitlines()
        self.assertEqual(len(rows), counts + 3001)
        self.assertTrue(any(row.startswith("reader7@example.org,Reader 7,") for row in rows))
        audit = [one["action"] for one in self.owner.ask("GET", "/api/audit?limit=50")[1]["items"]]
        for action in ("subscriber.import", "subscriber.imported", "subscriber.export"):
            self.assertIn(action, audit)

    def test_files_that_are_none_and_cancelling(self):
        self.assertEqual(self.owner.ask("POST", "/api/subscribers/imports", raw=b"", media="text/csv")[0], 400)
        status, said = self.upload("name,colour\nAnna,green\n")
        self.assertEqual(status, 201)
        self.assertEqual(self.owner.ask("POST", "/api/subscribers/imports/%d/start" % said["id"], {"consent": "c", "newsletters": ["daily"]})[0], 202)
        failed = self.settle(said["id"])
        self.assertEqual(failed["state"], "failed")
        self.assertIn("no column of mail addresses", failed["reason"])
        status, again = self.owner.ask("POST", "/api/subscribers/imports/%d/cancel" % said["id"])
        self.assertEqual((status, again["state"]), (200, "cancelled"))
        self.assertEqual(self.people["author"].ask("GET", "/api/subscribers/export")[0], 403)

    def test_an_import_survives_the_server(self):
        status, said = self.upload("email\n" + "".join("kept%d@example.org\n" % i for i in range(20000)), "kept.csv")
        self.assertEqual(self.owner.ask("POST", "/api/subscribers/imports/%d/start" % said["id"], {"consent": "c", "newsletters": ["daily"]})[0], 202)
        self.paper.process.kill()
        self.paper.process.wait(60)
        self.paper.process.stdout.close()
        type(self).paper.start()
        for one in self.people.values():
            one.port = self.paper.port
        done = self.settle(said["id"])
        self.assertEqual(done["state"], "done")
        self.assertEqual(done["created"] + done["known"], 20000)
        exported = self.owner.ask("GET", "/api/subscribers/export")[1].decode("utf-8-sig")
        self.assertEqual(exported.count("\nkept"), 20000)

    def test_numbers_of_newsletters(self):
        status, said = self.owner.ask("GET", "/api/numbers/newsletters")
        self.assertEqual(status, 200)
        self.check(said, "NewsletterNumbers")
        self.assertEqual(len(said["newsletters"]), len(self.owner.ask("GET", "/api/newsletters")[1]["items"]))


class People(Case):
    def test_second_factor_and_sessions(self):
        editor = Browser(self.paper.port)
        self.assertEqual(editor.log_in("editor@example.org")[0], 200)
        secret = editor.ask("POST", "/api/account/totp", {"password": PASSWORD})[1]["secret"]
        status, codes = editor.ask("POST", "/api/account/totp/confirm", {"code": code(secret)})
        self.assertEqual((status, len(codes["codes"])), (200, 10))
        fresh = Browser(self.paper.port)
        status, said = fresh.log_in("editor@example.org")
        self.assertEqual((status, said["state"]), (200, "second_factor"))
        self.assertIsNone(said["account"])
        half = fresh.cookie
        status, said = fresh.ask("GET", "/api/stories")
        self.assertEqual((status, said["code"]), (401, "second_factor"))
        self.assertEqual(fresh.ask("POST", "/api/session/totp", {"code": code(secret)})[0], 422)  # was used to confirm
        self.assertEqual(fresh.ask("POST", "/api/session/recovery-code", {"code": codes["codes"][0]})[1]["state"], "active")
        self.assertNotEqual(fresh.cookie, half)
        self.assertEqual(Browser(self.paper.port).ask("GET", "/api/account", headers={"Cookie": half})[0], 401)
        again = Browser(self.paper.port)
        again.log_in("editor@example.org")
        self.assertEqual(again.ask("POST", "/api/session/recovery-code", {"code": codes["codes"][0]})[0], 422)
        self.assertEqual(fresh.ask("POST", "/api/account/password", {"current": PASSWORD, "password": "a new one, rather long"})[0], 204)
        self.assertEqual(editor.ask("GET", "/api/account")[0], 401)

    def test_nobody_learns_who_has_an_account(self):
        stranger = Browser(self.paper.port)
        known = stranger.ask("POST", "/api/password-reset", {"email": "owner@example.org"})
        unknown = stranger.ask("POST", "/api/password-reset", {"email": "nobody@example.org"})
        self.assertEqual(known, unknown)
        wrong = stranger.log_in("owner@example.org", "wrong wrong wrong")
        nobody = stranger.log_in("nobody@example.org", "wrong wrong wrong")
        self.assertEqual(wrong, nobody)
        self.assertEqual(wrong[0], 401)

    def test_tries_are_limited(self):
        stranger = Browser(self.paper.port)
        statuses = [stranger.log_in("contributor@example.org", "wrong wrong %d" % i)[0] for i in range(12)]
        self.assertEqual(statuses[-1], 429)
        self.assertEqual(stranger.log_in("contributor@example.org")[0], 429)

    def test_the_last_owner_stays(self):
        self.assertEqual(self.owner.ask("PATCH", "/api/staff/1", {"role": "editor"})[0], 409)
        self.assertEqual(self.owner.ask("DELETE", "/api/staff/1")[0], 409)
        self.assertEqual(Browser(self.paper.port).ask("POST", "/api/set-up", {"token": self.paper.set_up, "email": "x@example.org", "name": "X",
                                                                              "password": PASSWORD})[0], 409)


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
