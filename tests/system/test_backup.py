#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Backups: the restored newspaper is byte for byte the same on every page, between both engines, and also
when it was made while stories were being published; damaged files and tricks in archives are refused."""
import io
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import threading
import unittest

import harness

BINARY = sys.argv.pop(1)


class Backup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="broadsheet-backup-")
        cls.root = pathlib.Path(cls.holder.name)
        cls.postgres = harness.Postgres()
        cls.paper = harness.Paper(BINARY, cls.root / "paper")
        cls.paper.do("init", "--sample")
        cls.paper.do("correct", cls.paper.ids("--status", "published")[0], "--wrong", "It said ten.", "--right", "It was “twelve”.")
        cls.file = cls.root / "paper.tar.zst"
        cls.paper.start()
        cls.pages = cls.paper.crawl()
        cls.paper.do("backup", cls.file)
        cls.paper.stop()

    @classmethod
    def tearDownClass(cls):
        cls.paper.kill()
        cls.postgres.close()
        cls.holder.cleanup()

    def compare(self, paper):
        paper.start()
        try:
            pages = paper.crawl()
        finally:
            paper.stop()
        self.assertEqual(sorted(pages), sorted(self.pages))
        for path, page in self.pages.items():
            self.assertEqual(pages[path], page, path)

    def restored(self, name, file=None, address=None):
        paper = harness.Paper(BINARY, self.root / name, harness.on_postgres(address) if address else None)
        paper.do("restore", file or self.file)
        return paper

    def test_there_is_something_to_compare(self):
        kinds = [kind for status, kind, _ in self.pages.values() if status == 200]
        self.assertGreater(kinds.count("text/html"), 40)
        self.assertGreater(sum(kind.startswith("image/") for kind in kinds), 20)

    def test_same_engine(self):
        self.compare(self.restored("same"))

    def test_other_engine_and_back(self):
        there = self.restored("there", address=self.postgres.database("there"))
        self.compare(there)
        again = self.root / "again.tar.zst"
        there.do("backup", again)
        back = self.restored("back", again)
        self.compare(back)
        # Numbers go on after the largest that was restored.
        back.do("import", "--publish", back.story("after", "After the restore"))
        there.do("import", "--publish", there.story("after", "After the restore"))
        newest = max(self.paper.ids())
        self.assertEqual((max(back.ids()), max(there.ids())), (newest + 1, newest + 1))

    def test_search_is_made_anew(self):
        paper = self.restored("search")
        paper.start()
        try:
            self.assertIn("ferry", paper.get("/search?q=ferry").text.lower())
            self.assertIn("-c-", paper.get("/search?q=ferry").text)
        finally:
            paper.stop()

    def test_under_load_it_is_of_one_moment(self):
        paper = harness.Paper(BINARY, self.root / "busy")
        paper.do("init")
        paper.start()
        stop, failures = threading.Event(), []

        def publish():
            number = 0
            while not stop.is_set():
                number += 1
                done = paper.run("import", "--publish", paper.story(f"s{number}", f"Story number {number}"))
                if done.returncode != 0:
                    failures.append(done.stderr)

        thread = threading.Thread(target=publish)
        thread.start()
        try:
            files = []
            for number in range(4):
                files.append(self.root / f"busy-{number}.tar.zst")
                paper.do("backup", files[-1])
        finally:
            stop.set()
            thread.join()
            paper.stop()
        self.assertEqual(failures, [])
        for number, file in enumerate(files):
            copy = self.restored(f"busy-{number}", file)
            found = copy.ids()
            self.assertEqual(sorted(found), list(range(1, len(found) + 1)))
            copy.start()
            try:
                for story in found[:3]:
                    shown = copy.do("show", story)
                    path = next(l for l in shown.splitlines() if l.startswith("address")).split("http://localhost:8080")[1]
                    self.assertEqual(copy.get(path).status, 200)
            finally:
                copy.stop()

    def test_refusals_leave_nothing_behind(self):
        whole = self.file.read_bytes()
        middle = len(whole) // 2
        cases = {
            "cut": whole[:middle],
            "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:],
            "empty": b"",
            "text": b"This is no backup.\n" * 100,
        }
        for name, data in cases.items():
            file = self.root / f"{name}.tar.zst"
            file.write_bytes(data)
            paper = harness.Paper(BINARY, self.root / f"refused-{name}")
            done = paper.run("restore", file)
            self.assertEqual(done.returncode, 1, name)
            self.assertIn(str(file), done.stderr)
            self.assertEqual(paper.ids(), [], name)
            left = [p for p in (self.root / f"refused-{name}" / "originals").rglob("*") if p.is_file()]
            self.assertEqual(left, [], name)

    def test_archive_tricks(self):
        def archive(name, add):
            file = self.root / f"{name}.tar.gz"
            with tarfile.open(file, "w:gz") as tar:
                add(tar)
            return file

        def entry(name, data=b"x", kind=tarfile.REGTYPE, target=""):
            def add(tar):
                info = tarfile.TarInfo(name)
                info.size, info.type, info.linkname = len(data) if kind == tarfile.REGTYPE else 0, kind, target
                tar.addfile(info, io.BytesIO(data))
            return add

        for name, add, words in [
            ("dots", entry("originals/../../../escaped.jpg"), "no backup has"),
            ("absolute", entry("/tmp/escaped.jpg"), "no backup has"),
            ("inside", entry("originals/ab/../" + "a" * 40 + ".jpg"), "no backup has"),
            ("link", entry("originals/aa/" + "a" * 40 + ".jpg", kind=tarfile.SYMTYPE, target="/etc/passwd"), "not a plain file"),
            ("hardlink", entry("broadsheet.ini", kind=tarfile.LNKTYPE, target="/etc/passwd"), "not a plain file"),
            ("liar", entry("originals/aa/" + "a" * 40 + ".jpg"), "not the one that its name promises"),
            ("rows", entry("rows/00-setting/000001", b"t9999999999:x\n"), "damaged"),
            ("short", entry("rows/00-setting/000001", b"t1:at1:b\n"), "ends before its manifest"),
        ]:
            paper = harness.Paper(BINARY, self.root / f"trick-{name}")
            done = paper.run("restore", archive(name, add))
            self.assertEqual(done.returncode, 1, name)
            self.assertIn(words, done.stderr, name)
        self.assertFalse(os.path.exists("/tmp/escaped.jpg"))

    def test_restore_wants_an_empty_place_or_force(self):
        paper = self.restored("occupied")
        done = paper.run("restore", self.file)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--force", done.stderr)
        paper.do("import", "--publish", paper.story("extra", "One too many"))
        paper.do("restore", "--force", self.file)
        self.compare(paper)

    def test_a_missing_picture_is_told(self):
        paper = self.restored("gap")
        gone = next(p for p in (self.root / "gap" / "originals").rglob("*") if p.is_file())
        gone.unlink()
        done = paper.run("backup", self.root / "gap.tar.zst")
        self.assertEqual(done.returncode, 1)
        self.assertIn(gone.name, done.stderr)
        self.assertIn(gone.name, paper.run("doctor").stdout)

    def test_a_full_or_forbidden_place(self):
        done = self.paper.run("backup", "/proc/none/file")
        self.assertEqual(done.returncode, 1)
        self.assertIn("can't be written to '/proc/none/file", done.stderr)
        if os.path.exists("/dev/full"):
            link = self.root / "full.tmp"
            subprocess.run(["ln", "-s", "/dev/full", link], check=True)
            done = self.paper.run("backup", self.root / "full")
            self.assertEqual(done.returncode, 1)  # a link is not followed
            self.assertFalse((self.root / "full").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
