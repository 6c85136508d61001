#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The edition as its readers get it: the real server makes the sample newspaper's in the background, once,
shows it, gives its files, keeps it over a restart and a backup, and lets subscribers look first.

usage: test_edition.py BINARY
"""
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness  # noqa: E402
import test_epub  # noqa: E402

BINARY = ""
MADE_SECONDS = 240  # a sanitized build on a busy machine


def wait_for(condition, seconds=MADE_SECONDS):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = condition()
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError("it did not come about in time")


class Edition(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="broadsheet-edition-")
        self.paper = harness.Paper(BINARY, os.path.join(self.folder.name, "paper"),
                                   {"BROADSHEET_EDITION_MAKE": "true"})
        self.paper.do("init", "--sample")

    def tearDown(self):
        if self.paper.process is not None and self.paper.process.poll() is None:
            self.paper.stop(seconds=60)
        self.folder.cleanup()

    def listed(self):
        return self.paper.do("edition", "list").splitlines()

    def is_made(self):
        lines = self.listed()
        self.assertFalse([line for line in lines if " failed " in line], lines)
        return [line for line in lines if " made " in line or " published " in line]

    def get(self, path, headers=None):
        return self.paper.get(path, headers or {})

    def test_made_once_and_shown(self):
        self.paper.do("edition", "set", "hour", "00:00")
        self.paper.start()
        made = wait_for(self.is_made)
        day = made[0].split()[0]
        page = self.get(f"/edition/{day}")
        self.assertEqual(page.status, 200)
        again = self.get(f"/edition/{day}", {"If-None-Match": page.headers["ETag"]})
        self.assertEqual(again.status, 304)
        links = set(re.findall(rf'(?:href|src)="(/edition/{day}/[^"]+)"', page.text))
        pdf = next(link for link in links if link.endswith(".pdf"))
        epub = next(link for link in links if link.endswith(".epub"))
        picture = next(link for link in links if "/page-1.jpg" in link)
        whole = self.get(pdf)
        self.assertTrue(whole.body.startswith(b"%PDF-"))
        self.assertIn("immutable", whole.headers["Cache-Control"])
        part = self.get(pdf, {"Range": "bytes=5-14"})
        self.assertEqual((part.status, part.body), (206, whole.body[5:15]))
        for accept, media_type in (("image/webp", "image/webp"), ("*/*", "image/jpeg")):
            answer = self.get(picture, {"Accept": accept})
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, media_type))
        self.assertEqual(self.get(picture + "0").status, 200)  # snapped to the ladder
        self.assertEqual(self.get(picture.split("?")[0] + "?x=1").status, 404)
        self.assertEqual(self.get(re.sub(r"/[0-9a-f]{40}/", "/" + "0" * 40 + "/", pdf)).status, 404)
        self.assertIn(f"/edition/{day}", self.get("/edition").text)
        self.assertRegex(page.text, r"<rect ")
        stories = set(re.findall(r'href="(/[a-z-]+/[^"]+-c-\d+)"', page.text))
        self.assertGreater(len(stories), 20)
        for story in sorted(stories)[:3]:
            self.assertEqual(self.get(story).status, 200)
        with open(os.path.join(self.folder.name, "edition.epub"), "wb") as file:
            file.write(self.get(epub).body)
        if os.path.exists(test_epub.JAR):
            self.assertEqual(test_epub.check(file.name), [])
        # A second start makes nothing again; a backup brings it along.
        self.paper.stop(seconds=60)
        self.paper.start()
        time.sleep(3)
        self.assertEqual(self.listed(), made)
        backup = os.path.join(self.folder.name, "backup.tar.zst")
        self.paper.do("backup", backup)
        other = harness.Paper(BINARY, os.path.join(self.folder.name, "other"))
        other.do("restore", backup)
        self.assertEqual(other.do("edition", "list").splitlines(), made)
        folders = [os.path.join(p.folder, "editions") for p in (self.paper, other)]
        self.assertEqual(subprocess.run(["diff", "-r", *folders]).returncode, 0)

    def test_failed_is_told(self):
        self.assertRegex(self.paper.do("doctor"), r"ok +edition")
        with sqlite3.connect(os.path.join(self.paper.folder, "broadsheet.db")) as database:
            database.execute("insert into edition (day, number, state, due_at, reason) values (20991231, 99, 2, 1, 'no font')")
        self.assertRegex(self.paper.do("doctor"), r"WARN +edition +that of 2099-12-31 can't be made: no font")
        self.assertRegex(self.paper.do("edition", "list"), r"2099-12-31 .*failed.* no font")

    def test_first_look(self):
        self.paper.do("edition", "set", "hour", "00:00")
        self.paper.do("edition", "set", "first-look", "10080")
        csv = os.path.join(self.folder.name, "readers.csv")
        with open(csv, "w", encoding="utf-8") as file:
            file.write("address,name\nanna@example.org,Anna\n")
        self.paper.do("subscribers", "import", csv, "--newsletter", "edition", "--source", "test")
        self.paper.do("newsletter", "set", "edition", "time", "00:00")
        self.paper.do("newsletter", "set", "edition", "lateness", "1440")
        self.paper.start()
        day = wait_for(self.is_made)[0].split()[0]
        self.assertEqual(self.get(f"/edition/{day}").status, 403)
        outbox = os.path.join(self.paper.folder, "outbox", "new")
        name = wait_for(lambda: os.path.isdir(outbox) and os.listdir(outbox))[0]
        with open(os.path.join(outbox, name), encoding="utf-8") as file:
            text = file.read().replace("=\n", "").replace("=\r\n", "").replace("=3D", "=")
        token = re.search(rf"/edition/{day}\?first=([A-Za-z0-9_-]+)", text).group(1)
        opened = self.get(f"/edition/{day}?first={token}")
        self.assertEqual((opened.status, opened.headers["Cache-Control"]), (200, "no-store"))
        self.assertEqual(self.get(f"/edition/{day}?first={token[:-1]}").status, 403)
        self.assertNotIn(day, re.findall(r"/edition/([0-9-]+)", self.get("/edition").text))
        self.paper.do("subscribers", "leave", "anna@example.org")
        self.assertEqual(self.get(f"/edition/{day}?first={token}").status, 403)
        self.paper.do("edition", "publish", day)
        self.assertEqual(wait_for(lambda: self.get(f"/edition/{day}").status == 200, 30), True)


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    unittest.main(verbosity=2)
