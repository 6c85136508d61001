#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Acknowledged means durable, on disks that lose power and that fail (failing_disk.c, preloaded): what the publishing command
or the sign-up form acknowledged is there when everything that was not synced is gone; when fsync fails or the disk is
full, nothing is acknowledged, readers are served on, and writes work again when the disk does. Does not cover: torn
sectors, and PostgreSQL (its own disk is not ours)."""
import http.client
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

import harness

BINARY, SHIM, ROOT = sys.argv.pop(1), sys.argv.pop(1), sys.argv.pop(1)
PICTURE = pathlib.Path(ROOT) / "sample/pictures/ferry.jpg"


def preload():
    """A sanitizer's library has to come first."""
    found = re.search(r"=> (\S*lib[at]san\S*)", subprocess.run(["ldd", BINARY], capture_output=True, text=True).stdout)
    return f"{found.group(1)} {SHIM}" if found else SHIM


class Disk(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="broadsheet-disk-")
        self.root = pathlib.Path(os.path.realpath(self.holder.name))
        self.shadow, self.control = self.root / "shadow", self.root / "control"
        (self.shadow / "inodes").mkdir(parents=True)
        (self.shadow / "folders").mkdir()
        self.control.write_text("")
        folder = self.root / "paper"
        self.paper = harness.Paper(BINARY, folder, {
            "LD_PRELOAD": preload(), "FAILING_DISK_FOLDER": str(folder), "FAILING_DISK_SHADOW": str(self.shadow),
            "FAILING_DISK_CONTROL": str(self.control), "BROADSHEET_MAIL_SEND": "no"})
        self.paper.do("init")
        self.number = 0

    def tearDown(self):
        self.paper.kill()
        self.holder.cleanup()

    def publish(self, picture=False):
        """Gives the headline, if it was acknowledged."""
        self.number += 1
        headline = f"Story {self.number} of the night"
        body = f"Words of story {self.number}.\n\n![A boat]({self.number}.jpg)" if picture else f"Words of story {self.number}."
        path = self.paper.story(f"s{self.number}", headline, body)
        if picture:  # each is another file: a JPEG's comment behind its beginning
            whole = PICTURE.read_bytes()
            comment = b"\xff\xfe\x00\x04" + self.number.to_bytes(2, "big")
            (path.parent / f"{self.number}.jpg").write_bytes(whole[:2] + comment + whole[2:])
        done = self.paper.run("import", "--publish", path)
        return (headline if done.returncode == 0 else None), done.stdout + done.stderr

    def restore(self, inner, place):
        """What a disk holds when the power comes back."""
        names = self.shadow / "folders" / ("@" + inner.replace("/", ":"))
        place.mkdir(exist_ok=True)
        for line in names.read_text().splitlines() if names.exists() else []:
            number, kind, name = line.split(" ", 2)
            if kind == "d":
                self.restore(f"{inner}/{name}" if inner else name, place / name)
            elif (self.shadow / "inodes" / number).exists():
                shutil.copy(self.shadow / "inodes" / number, place / name)
            else:
                (place / name).touch()

    def after_power_loss(self):
        folder = self.root / "after"
        shutil.rmtree(folder, ignore_errors=True)
        self.restore("", folder)
        if not (folder / "broadsheet.ini").exists() or (folder / "broadsheet.ini").stat().st_size == 0:
            shutil.copy(self.root / "paper/broadsheet.ini", folder / "broadsheet.ini")  # all defaults, nothing acknowledged
        return harness.Paper(BINARY, folder, {"BROADSHEET_MAIL_SEND": "no"})

    def test_power_loss(self):
        self.paper.start()
        acknowledged = []
        for i in range(12):
            headline, said = self.publish(picture=i % 3 == 0)
            self.assertIsNotNone(headline, said)
            acknowledged.append((headline, self.number if i % 3 == 0 else 0))
        # One more is under way when the lights go out; whether it is there afterwards is open.
        path = self.paper.story("last", "The last one", "Words.")
        last = subprocess.Popen([BINARY, "-C", self.paper.folder, "import", "--publish", path], env=self.paper.environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.15)
        last.kill()
        last.wait()
        self.paper.kill()
        after = self.after_power_loss()
        after.do("doctor")
        listed = after.do("list", "--limit", 1000)
        for headline, picture in acknowledged:
            self.assertIn(headline, listed)
        after.start()
        try:
            shown = {path: answer for path, answer in after.crawl().items()}
            self.assertTrue(all(status == 200 for status, _, _ in shown.values()), {p: s for p, (s, _, _) in shown.items() if s != 200})
            pictures = [path for path in shown if path.startswith("/images/")]
            self.assertGreaterEqual(len({path.split("/")[2] for path in pictures}), 4)
        finally:
            after.stop()

    def test_failing_fsync(self):
        self.fail_and_recover("eio")

    def test_full_disk(self):
        self.fail_and_recover("full")

    def sign_up(self, address):
        page = self.paper.get("/newsletters").text
        fields = {"address": address, "newsletter": ["daily"], "agreed": "yes", "origin": "/",
                  "token": re.search(r'name="token" value="([^"]+)"', page).group(1),
                  **{name: re.search(rf'name="{name}" value="([^"]+)"', page).group(1) for name in ("terms", "privacy")}}
        connection = http.client.HTTPConnection("127.0.0.1", self.paper.port, timeout=60)
        connection.request("POST", "/newsletters", urllib.parse.urlencode(fields, doseq=True), {"Content-Type": "application/x-www-form-urlencoded"})
        status = connection.getresponse().status
        connection.close()
        return status

    def fail_and_recover(self, word):
        first, said = self.publish()
        self.assertIsNotNone(first, said)
        self.paper.start()
        self.assertIn(first, self.paper.get("/").text)
        self.assertLess(self.sign_up("before@example.org"), 400)
        self.control.write_text(word)
        refused, said = self.publish(picture=True)
        self.assertIsNone(refused, said)
        self.assertRegex(said, "disk|space|I/O|sync")
        self.assertEqual(self.sign_up("during@example.org"), 503)
        for path in ("/", "/town", "/feed.xml"):
            self.assertEqual(self.paper.get(path).status, 200)
        self.assertNotIn(f"Story {self.number}", self.paper.get("/").text)
        self.control.write_text("")
        later, said = self.publish(picture=True)
        self.assertIsNotNone(later, said)
        self.assertLess(self.sign_up("after@example.org"), 400)
        harness_wait(lambda: later in self.paper.get("/").text)
        self.paper.kill()
        after = self.after_power_loss()
        listed = after.do("list", "--limit", 1000)
        self.assertIn(first, listed)
        self.assertIn(later, listed)


def harness_wait(condition, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError("it did not come about")
        time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
