#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Readers in and out with the whole program: lists as other programs export them, what is refused and why, files
that go out and come in again, an import that is killed half-way. On SQLite; the rows are proved on both engines by
newsroom/reader_import. Does not cover: a million lines (bench/subscribers)."""
import codecs
import csv
import io
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import harness

BINARY = sys.argv.pop(1)

# A list as a program exports it: its bytes, and what must become of its readers (None: not one of ours).
EXPORTS = {
    "mailchimp subscribed": (
        'Email Address,First Name,Last Name,Address,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,TIMEZONE,NOTES,TAGS\r\n'
        'm1@example.org,Anna,Schmidt,"1 High St\nTown",2,"2021-03-04 10:11:12",1.2.3.4,"2021-03-04 10:12:00",1.2.3.4,Europe/Berlin,,"""VIP"",""x"""\r\n',
        {"m1@example.org": "active"}),
    "mailchimp unsubscribed": (
        'Email Address,First Name,Last Name,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON\r\nm2@example.org,Ben,,2022-01-01 00:00:00,,\r\n',
        {"m2@example.org": "unsubscribed"}),
    "mailchimp cleaned": (
        'Email Address,First Name,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE\r\nm3@example.org,Cleo,2022-01-01 00:00:00,x\r\n', {"m3@example.org": None}),
    "ghost": (
        'id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers\n'
        '1,g1@example.org,Gina,,true,false,,2021-05-31T08:15:23.000Z,,,\n2,g2@example.org,Gus,,false,false,,2021-05-31T08:15:23.000Z,,,\n',
        {"g1@example.org": "active", "g2@example.org": "unsubscribed"}),
    "substack": (
        'email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\n'
        's1@example.org,false,,other,false,2022-02-02T02:02:02.000Z,\ns2@example.org,true,2025-01-01,yearly,true,2022-02-02T02:02:02.000Z,\n',
        {"s1@example.org": "active", "s2@example.org": "unsubscribed"}),
    "listmonk": (
        'uuid,email,name,attributes,status,created_at,updated_at\n'
        'u1,l1@example.org,Lena,"{""city"": ""Oslo, N""}",enabled,2021-01-01 00:00:00,2021-01-01 00:00:00\n'
        'u2,l2@example.org,Lars,{},blocklisted,2021-01-01 00:00:00,2021-01-01 00:00:00\n',
        {"l1@example.org": "active", "l2@example.org": "unsubscribed"}),
    "buttondown": (
        'email_address,creation_date,subscriber_type,tags\nb1@example.org,2021-01-01,regular,\nb2@example.org,2021-01-01,unactivated,\n'
        'b3@example.org,2021-01-01,complained,\n', {"b1@example.org": "active", "b2@example.org": None, "b3@example.org": None}),
    "phplist": (
        'email\tconfirmed\tblacklisted\tbouncecount\tentered\np1@example.org\t1\t0\t0\t2020-01-01 00:00:00\n'
        'p2@example.org\t0\t0\t0\t2020-01-01 00:00:00\np3@example.org\t1\t1\t0\t2020-01-01 00:00:00\n',
        {"p1@example.org": "active", "p2@example.org": None, "p3@example.org": "unsubscribed"}),
    "german spreadsheet": (
        codecs.encode('Vorname;Nachname;E-Mail-Adresse;Status\r\nJörg;Weiß;d1@example.org;angemeldet\r\nÄnne;Groß;d2@example.org;abgemeldet\r\n', "cp1252"),
        {"d1@example.org": "active", "d2@example.org": "unsubscribed"}),
    "french, UTF-16": (
        codecs.BOM_UTF16_LE + 'Prénom\tNom\tCourriel\tStatut\r\nZoé\tÉtien\tf1@example.org\tactif\r\nLoïc\tD\tf2@example.org\tdésabonné\r\n'.encode("utf-16-le"),
        {"f1@example.org": "active", "f2@example.org": "unsubscribed"}),
    "a bare list": ('a1@example.org\na2@example.org\n', {"a1@example.org": "active", "a2@example.org": "active"}),
}


class Subscribers(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="broadsheet-subscribers-")
        self.folder = pathlib.Path(self.holder.name)
        self.paper = harness.Paper(BINARY, self.folder / "paper")
        self.paper.do("init")

    def tearDown(self):
        self.holder.cleanup()

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def take(self, path, *options, paper=None):
        return (paper or self.paper).do("subscribers", "import", path, "--source", "test", *options)

    def readers(self, paper=None, *options):
        text = (paper or self.paper).do("subscribers", "export", *options)
        return {row["email"].removeprefix("'"): row for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""))}

    def refused(self, path):
        rows = list(csv.DictReader(io.StringIO(pathlib.Path(f"{path}.refused.csv").read_text("utf-8-sig"), newline="")))
        return {int(row["refused line"]): row["refused because"] for row in rows}

    def test_other_programs_lists(self):
        for name, (content, wanted) in EXPORTS.items():
            with self.subTest(name):
                self.take(self.file("list.csv", content), "--newsletter", "daily")
                found = self.readers()
                for address, status in wanted.items():
                    self.assertEqual(found[address]["status"] if address in found else None, status, address)
        found = self.readers()
        self.assertEqual(found["m1@example.org"]["name"], "Anna Schmidt")
        self.assertEqual(found["m1@example.org"]["time zone"], "Europe/Berlin")
        self.assertEqual(found["m1@example.org"]["confirmed at"], "2021-03-04T10:12:00Z")
        self.assertEqual(found["d1@example.org"]["name"], "Jörg Weiß")
        self.assertEqual(found["f1@example.org"]["name"], "Zoé Étien")

    def test_refused_lines(self):
        path = self.file("list.csv", 'email,name,status\nok@example.org,"two\nlines",active\nnobody,x,active\n,x,active\n'
                                     'p@example.org,x,pending\nu@example.org,x,florp\nm@example.org,x,active,surplus\n"open@example.org,x,active\n'
                                     'last@example.org,=cmd|x,active\n')
        said = self.take(path, "--newsletter", "daily")
        self.assertIn("2 new readers", said)
        self.assertIn("6 lines refused", said)
        reasons = self.refused(path)
        self.assertEqual(sorted(reasons), [4, 5, 6, 7, 8, 9])
        for line, words in ((4, "no mail address"), (5, "no address"), (6, "never confirmed"), (7, "“florp”"), (8, "more fields"), (9, "never closed")):
            self.assertIn(words, reasons[line])
        self.take(self.file("list.csv", "email\nok@example.org\n"), "--newsletter", "daily")
        self.assertFalse(pathlib.Path(f"{path}.refused.csv").exists())  # of the run before

    def test_what_makes_no_sense_is_told(self):
        good = self.file("good.csv", "email\na@example.org\n")
        for arguments, words in ((["import", good], "--source"), (["import", good, "--source", "x"], "--newsletter"),
                                 (["import", good, "--source", "x", "--newsletter", "none"], "there is no newsletter 'none'"),
                                 (["import", self.folder / "missing.csv", "--source", "x", "--newsletter", "daily"], "can't be opened"),
                                 (["import", self.file("empty.csv", ""), "--source", "x", "--newsletter", "daily"], "nothing in it"),
                                 (["import", self.file("no.csv", "name,town\nx,y\n"), "--source", "x", "--newsletter", "daily"], "should say “email”"),
                                 (["import", self.file("bare.csv", "a@example.org,Anna\n"), "--source", "x", "--newsletter", "daily"], "not a line of headings"),
                                 (["show", "x@example.org"], "there is no reader"), (["export", "--segment", "none"], "there is no segment"),
                                 (["frobnicate"], "no way to use it")):
            done = self.paper.run("subscribers", *arguments)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertIn(words, done.stderr, arguments)
        self.assertEqual(self.readers(), {})

    def test_a_dry_run_writes_nothing(self):
        path = self.file("list.csv", "email\na@example.org\nbad\n")
        said = self.take(path, "--newsletter", "daily", "--dry-run")
        self.assertIn("1 new readers", said)
        self.assertIn("nothing is written", said)
        self.assertEqual(list(self.refused(path)), [3])
        self.assertEqual(self.readers(), {})

    def test_out_and_in_again(self):
        path = self.file("list.csv", 'email;name;language;time zone;newsletters;left;sections;confirmed at\n'
                                     'a@example.org;"=HYPERLINK(""http://x"")";de;Europe/Berlin;daily, breaking;;town;2020-01-02T03:04:05Z\n'
                                     '+b@example.org;"O\'Neill; \'Bob\'";;;daily;edition;;\n@c@example.org;x;;;daily;;;\nd@example.org;;;;;daily;;\n'
                                     'e@example.org;-1;;;breaking;;;\nf@bücher.example;;;;daily;;;\n')
        self.take(path)
        out = self.folder / "out.csv"
        self.paper.do("subscribers", "export", out)
        for row in csv.reader(io.StringIO(out.read_text("utf-8-sig"), newline="")):
            for field in row:
                self.assertNotIn(field[:1], ("=", "+", "-", "@", "\t", "\r"), row)  # no spreadsheet counts
        other = harness.Paper(BINARY, self.folder / "other")
        other.do("init")
        other.do("subscribers", "import", out, "--source", "the other paper")
        ours, theirs = self.readers(), self.readers(other)
        self.assertEqual(len(ours), 5)  # "@c@example.org" is no address
        for address, row in ours.items():
            for column in ("name", "language", "time zone", "status", "newsletters", "left", "confirmed at"):
                self.assertEqual(row[column], theirs[address][column], (address, column))
        self.assertEqual(ours["a@example.org"]["name"], "'=HYPERLINK(\"http://x\")")
        self.assertEqual(set(self.readers(None, "--newsletter", "breaking")), {"a@example.org", "e@example.org"})

    def test_one_reader(self):
        self.take(self.file("list.csv", "email,name\nanna@example.org,Anna\nben@example.org,Ben\n"), "--newsletter", "daily,breaking")
        shown = self.paper.do("subscribers", "show", "ANNA@example.org")
        for words in ("status       active", "name         Anna", "daily        on", "imported", "import: test"):
            self.assertIn(words, shown)
        self.assertIn("ben@example.org", self.paper.do("subscribers", "list", "ben"))
        self.paper.do("subscribers", "leave", "anna@example.org", "breaking")
        self.assertIn("breaking     left", self.paper.do("subscribers", "show", "anna@example.org"))
        self.paper.do("subscribers", "leave", "anna@example.org")
        self.assertEqual(self.readers()["anna@example.org"]["status"], "unsubscribed")
        self.paper.do("subscribers", "erase", "ben@example.org")
        self.assertEqual(set(self.readers()), {"anna@example.org"})
        database = sqlite3.connect(self.folder / "paper" / "broadsheet.db")
        self.assertEqual(database.execute("select count(*), max(length(address_hash)) from suppression").fetchall(), [(1, 32)])
        for (table,) in database.execute("select name from sqlite_master where type = 'table' and name not like 'story_search%'").fetchall():
            rows = database.execute(f'select * from "{table}"').fetchall()
            self.assertNotIn("ben@example.org", str(rows), table)
        database.close()
        path = self.file("again.csv", "email\nben@example.org\n")
        self.take(path, "--newsletter", "daily")
        self.assertIn("suppression list", self.refused(path)[2])

    def test_an_import_that_is_killed_is_taken_up_again(self):
        count = 60000
        path = self.file("many.csv", "email,name\n" + "".join(f"r{n * 7919 % count}@example.org,Reader {n}\n" for n in range(count)))
        command = [self.paper.binary, "-C", self.paper.folder, "subscribers", "import", path, "--source", "test", "--newsletter", "daily"]
        choice, killed = random.Random(5), 0
        began = time.monotonic()
        database = sqlite3.connect(self.folder / "paper" / "broadsheet.db", timeout=60)
        for _ in range(6):
            process = subprocess.Popen(command, env=self.paper.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(timeout=choice.uniform(0.2, 1.0 + (time.monotonic() - began) / 6))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
            # Whole readers only: each with the proof of consent and the newsletter.
            whole = database.execute("select count(*) from subscriber where status <> 1 or not exists (select 1 from consent where "
                                     "consent.subscriber_id = subscriber.id and kind = 2) or not exists (select 1 from subscription where "
                                     "subscription.subscriber_id = subscriber.id)").fetchone()
            self.assertEqual(whole, (0,))
        self.assertGreater(killed, 0)
        self.assertEqual(subprocess.run(command, env=self.paper.environment, stdout=subprocess.DEVNULL).returncode, 0)
        for table in ("subscriber", "subscription", "consent"):
            self.assertEqual(database.execute(f"select count(*) from {table}").fetchone(), (count,), table)
        database.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
