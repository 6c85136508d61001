#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suppression list by the command line: in, out, added to, lifted, looked at; who had everything
deleted stays a hash. Does not cover: what puts readers on it (test_returns.py)."""
import csv
import pathlib
import sqlite3
import sys
import tempfile
import unittest

import harness
import mail_servers

BINARY = sys.argv.pop(1)


class Suppression(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="broadsheet-suppression-")
        self.addCleanup(self.holder.cleanup)
        self.folder = pathlib.Path(self.holder.name)
        self.paper = harness.Paper(BINARY, self.folder / "paper")
        self.paper.do("init")
        mail_servers.add_readers(self.paper, 5)

    def rows(self, query, *values):
        database = sqlite3.connect(pathlib.Path(self.paper.folder) / "broadsheet.db", timeout=60)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def suppressed(self):
        return [row[0] for row in self.rows("select id from subscriber where status = 2 order by id")]

    def file(self, text, name="old.csv"):
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def export(self, *options):
        text = self.paper.do("suppression", "export", *options)
        return list(csv.DictReader(text.splitlines()))

    def test_import(self):
        text = ("Email;Reason;Note\nReader1@READER.example;hard bounce;old server\nnobody@elsewhere.example;spam complaint;\n"
                "not an address;bounced;\nreader2@reader.example;;=cmd()\nreader2@reader.example;;again\n")
        dry = self.paper.run("suppression", "import", self.file(text), "--dry-run")
        self.assertIn("would be: 3 added, 1 known already, 1 refused; 2 readers", dry.stdout)
        self.assertIn("line 4 is refused: not an address", dry.stderr)
        self.assertEqual(self.rows("select count(*) from suppression"), [(0,)])
        self.assertIn("3 added, 1 known", self.paper.do("suppression", "import", self.file(text)))
        self.assertIn("0 added, 4 known already, 1 refused; 0 readers", self.paper.do("suppression", "import", self.file(text)))
        self.assertEqual(self.suppressed(), [1, 2])
        found = {row["address"]: row for row in self.export()}
        self.assertEqual(found["reader1@reader.example"]["reason"], "bounced")
        self.assertEqual(found["reader2@reader.example"]["note"][:1], "a")
        self.assertEqual(found[""]["reason"], "complained")  # nobody here: a hash
        self.assertEqual(self.paper.run("suppression", "check", "nobody@elsewhere.example").stdout, "complained\n")
        check = self.paper.run("suppression", "check", "other@elsewhere.example")
        self.assertEqual((check.returncode, check.stdout), (1, "not on the list\n"))

    def test_plain_lines(self):
        self.paper.do("suppression", "import", self.file("reader3@reader.example\n\nreader4@reader.example\n"))
        self.assertEqual(self.suppressed(), [3, 4])
        self.assertEqual([row["note"] for row in self.export()], ["imported: old.csv"] * 2)
        self.assertIn("reader3@reader.example", self.paper.do("suppression", "list", "--reason", "imported"))
        self.assertEqual(self.paper.do("suppression", "list", "--reason", "bounced"), "")

    def test_lift(self):
        self.paper.do("suppression", "add", "reader5@reader.example", "asked by telephone")
        self.assertEqual(self.suppressed(), [5])
        self.assertEqual(self.export("--reason", "manual")[0]["note"], "asked by telephone")
        self.paper.do("suppression", "lift", "READER5@reader.example")
        self.assertEqual((self.suppressed(), self.export()), ([], []))
        self.assertNotEqual(self.paper.run("suppression", "lift", "reader5@reader.example").returncode, 0)

    def test_erased_stay_hashes(self):
        self.paper.do("subscribers", "erase", "reader1@reader.example")
        entry = self.export()[0]
        self.assertEqual((entry["address"], entry["reason"], len(entry["address_hash"])), ("", "erased", 32))
        refused = self.paper.run("suppression", "lift", "reader1@reader.example")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("had everything deleted", refused.stderr)
        readers = self.file("email\nreader1@reader.example\nnew@reader.example\n", "readers.csv")
        self.paper.do("subscribers", "import", readers, "--source", "a test", "--newsletter", "daily")
        self.assertEqual(self.rows("select count(*) from subscriber where address = 'reader1@reader.example' and status = 1"), [(0,)])

    def test_out_and_in_again(self):
        """An export restores the list, hashes and all, also for readers who came in meanwhile."""
        self.paper.do("subscribers", "erase", "reader1@reader.example")
        self.paper.do("suppression", "add", "reader2@reader.example", "=1+1")
        self.paper.do("suppression", "add", "later@reader.example")
        out = self.folder / "out.csv"
        self.paper.do("suppression", "export", out)
        before = self.rows("select address_hash, reason, note from suppression order by 1")
        self.assertIn("'=1+1", out.read_text())  # no formula
        with sqlite3.connect(pathlib.Path(self.paper.folder) / "broadsheet.db", timeout=60) as database:
            database.execute("delete from suppression")
            database.execute("update subscriber set status = 1")
            database.execute("insert into subscriber (id, address, address_key, status, created_at, confirmed_at) "
                             "values (77, 'later@reader.example', 'later@reader.example', 1, 1, 1)")
        database.close()
        self.assertIn("2 readers get no more", self.paper.do("suppression", "import", out))
        self.assertEqual(self.rows("select address_hash, reason, note from suppression order by 1"), before)
        self.assertEqual(self.suppressed(), [2, 77])

    def test_misuse(self):
        for arguments in (("lift",), ("import",), ("frobnicate",), ("list", "--reason", "boredom")):
            self.assertEqual(self.paper.run("suppression", *arguments).returncode, 2, arguments)
        self.assertEqual(self.paper.run("suppression", "import", self.folder / "none.csv").returncode, 1)
        self.assertEqual(self.paper.run("suppression", "add", "no address").returncode, 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
