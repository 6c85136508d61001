#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The post end to end with the whole program: an alert that overtakes a running mailing, a relay that goes away, a full
disk and a database that is gone in mid-mailing, a clock that is set, an old database brought back, the figures at every
scrape. Does not cover: kills (test_dispatch_kills.py), each fault of a relay (tests/mail)."""
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import harness
import mail_receiver

BINARY = sys.argv.pop(1)
READERS = int(os.environ.get("BROADSHEET_TEST_MAIL_READERS", "3000"))
CHOSEN = sys.argv[1:]
sys.argv[1:1] = [BINARY, ""]
import test_dispatch_kills as kills  # noqa: E402  (its Post)

kills.READERS = READERS


def wait_until(condition, what, seconds=120):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.02)


class Dispatch(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="broadsheet-dispatch-")
        self.receiver = mail_receiver.Receiver()

    def tearDown(self):
        self.post.paper.kill()
        self.receiver.close()
        self.holder.cleanup()

    def make(self, postgres=None, readers=READERS, connections=8, extra=""):
        self.post = kills.Post(pathlib.Path(self.holder.name) / "paper", self.receiver.port, postgres, readers, connections)
        with open(pathlib.Path(self.post.paper.folder) / "broadsheet.ini", "a") as config:
            config.write(extra)
        return self.post

    def metrics(self):
        """mailing -> state -> count, and the plain figures."""
        text = self.post.paper.get("/metrics").text
        plain = {name: float(value) for name, value in re.findall(r"^broadsheet_(mail_\w+) (\S+)$", text, re.M)}
        mailings = {}
        for mailing, state, count in re.findall(r'^broadsheet_mailing_deliveries\{mailing="(\d+)",state="(\w+)"\} (\d+)$', text, re.M):
            mailings.setdefault(int(mailing), {})[state] = int(count)
        for states in mailings.values():
            planned = states["planned"]
            self.assertEqual(sum(states.values()) - planned, planned, states)
        return plain, mailings

    def test_an_alert_overtakes(self):
        post = self.make(extra="rate = 400\n")
        post.paper.start()
        daily = post.daily()
        wait_until(lambda: len(self.receiver.received) > 100, "the daily's first letters")
        post.execute("update subscription set status = 2 where newsletter_id = 2 and subscriber_id > 200")
        begun = time.monotonic()
        marks = []
        note = self.receiver.note
        self.receiver.note = lambda recipient, body: (note(recipient, body), marks.append(time.monotonic()) if b"Overtaking" in body else None)
        post.paper.do("alert", "--subject", "Overtaking", post.paper.ids("--limit", 1)[0])
        wait_until(lambda: len(marks) >= 200, "the alert's last letter")
        self.assertLess(marks[-1] - begun, 5)
        self.assertLess(post.states(daily)[kills.ACCEPTED], READERS, "the daily was over before the alert: the test says nothing")
        print(f"alert to 200 during a daily: first after {marks[0] - begun:.3f} s, last after {marks[-1] - begun:.3f} s", flush=True)
        post.paper.stop()

    def test_the_relay_goes_away_and_comes_back(self):
        post = self.make()
        self.receiver.delay = 0.01
        post.paper.start()
        daily = post.daily()
        wait_until(lambda: len(self.receiver.received) > 200, "the first letters")
        port, first = self.receiver.port, self.receiver
        first.close()
        wait_until(lambda: "can't be used" in post.paper.said(), "a word about the relay")
        time.sleep(1)
        for _ in range(5):
            self.metrics()
        self.receiver = mail_receiver.Receiver(port)
        wait_until(lambda: post.state_of(daily) == 6 or len(post.addresses(daily, kills.DEFERRED)) > 0 and not post.addresses(daily, kills.PENDING), "the rest")
        post.execute(f"update delivery set due_at = 1 where mailing_id = {daily} and state = 4")
        wait_until(lambda: post.state_of(daily) == 6, "the end")
        self.assertIn("can be used again", post.paper.said())
        got = {}
        for address, _ in first.received + self.receiver.received:
            got[address] = got.get(address, 0) + 1
        states = post.states(daily)
        self.assertEqual({a for a in post.addresses(daily, kills.ACCEPTED) if got.get(a) != 1}, set())
        self.assertLessEqual(states[kills.UNCERTAIN], 8)
        post.paper.stop()

    def test_figures_and_decisions(self):
        post = self.make(extra="rate = 300\n")
        post.paper.start()
        daily = post.daily()
        wait_until(lambda: len(self.receiver.received) > 50, "the first letters")
        post.paper.do("mailing", "pause", daily)
        wait_until(lambda: post.states(daily)[kills.LEASED] + post.states(daily)[kills.IN_FLIGHT] == 0, "the pause")
        had = len(self.receiver.received)
        time.sleep(0.5)
        self.assertEqual(len(self.receiver.received), had)
        post.paper.do("mailing", "resume", daily)
        for _ in range(10):
            self.metrics()
            time.sleep(0.1)
        post.paper.do("mailing", "cancel", daily)
        wait_until(lambda: set(post.states(daily)) <= {kills.ACCEPTED, kills.CANCELLED}, "the cancelling")
        self.assertEqual(post.states(daily)[kills.ACCEPTED], len(self.receiver.received))
        wait_until(lambda: self.metrics()[0]["mail_accepted_total"] == len(self.receiver.received), "the figure")
        post.paper.stop()

    def test_full_disk(self):
        """The database stands in a file system of its own, which is filled in mid-mailing."""
        if os.geteuid() != 0:
            self.skipTest("only root can mount")
        post = self.make(readers=1500, extra="rate = 400\n")
        place = pathlib.Path(self.holder.name) / "small"
        place.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place], capture_output=True).returncode != 0:
            self.skipTest("nothing can be mounted here")
        try:
            shutil.copytree(post.paper.folder, place / "paper")
            post.paper.folder = self.holder.name + "/link"  # the log beside it is not on the small disk
            os.symlink(place / "paper", post.paper.folder)
            post.paper.start()
            daily = post.daily()
            wait_until(lambda: len(self.receiver.received) > 10, "the first letters")
            post.paper.do("mailing", "pause", daily)
            # While somebody reads, the log can't be used from its beginning again: it wants room.
            reader = sqlite3.connect(f"file:{place}/paper/broadsheet.db?mode=ro", uri=True, isolation_level=None)
            reader.execute("begin")
            reader.execute("select count(*) from delivery").fetchone()
            ballast = os.open(place / "ballast", os.O_WRONLY | os.O_CREAT)
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        os.write(ballast, b"x" * size)
                except OSError:
                    pass
            os.ftruncate(ballast, os.fstat(ballast).st_size - 300_000)
            os.close(ballast)
            post.paper.do("mailing", "resume", daily)
            wait_until(lambda: "nothing is sent while the journal can't be written" in post.paper.said(), "a word about the disk")
            time.sleep(1)
            had = len(self.receiver.received)
            time.sleep(1)
            self.assertEqual(len(self.receiver.received), had)
            self.assertEqual(post.paper.get("/").status, 200)
            os.unlink(place / "ballast")
            reader.close()
            wait_until(lambda: post.state_of(daily) == 6, "the rest")
            self.assertEqual(post.paper.said().count("nothing is sent while"), 1)
            self.assertIn("mail goes on", post.paper.said())
            self.assertEqual(post.states(daily)[kills.ACCEPTED], 1500)
            self.assertEqual(len(self.receiver.received), 1500)
            self.assertEqual(len(set(self.receiver.received)), 1500)
            post.paper.stop()
        finally:
            post.paper.kill()
            subprocess.run(["umount", "-l", place])

    def test_the_database_is_gone_for_a_while(self):
        postgres = harness.Postgres()
        try:
            post = self.make(postgres, readers=1500, extra="rate = 400\n")
            post.paper.start()
            daily = post.daily()
            wait_until(lambda: len(self.receiver.received) > 100, "the first letters")
            postgres.stop()
            wait_until(lambda: "nothing is sent while the journal can't be written" in post.paper.said(), "a word about the database")
            time.sleep(1)
            had = len(self.receiver.received)
            time.sleep(1)
            self.assertEqual(len(self.receiver.received), had)
            postgres.start()
            wait_until(lambda: post.state_of(daily) == 6, "the rest")
            self.assertEqual(len(self.receiver.received), 1500)
            self.assertEqual(len(set(self.receiver.received)), 1500)
            self.assertEqual(post.states(daily)[kills.ACCEPTED], 1500)
            post.paper.stop()
        finally:
            postgres.close()

    def test_an_old_database_is_noticed(self):
        post = self.make(readers=400)
        daily = post.daily()
        old = pathlib.Path(self.holder.name) / "old.db"
        shutil.copy(pathlib.Path(post.paper.folder) / "broadsheet.db", old)  # nothing runs: the file is whole with its log
        shutil.copy(pathlib.Path(post.paper.folder) / "broadsheet.db-wal", str(old) + "-wal")
        post.finish(daily)
        self.assertEqual(len(self.receiver.received), 400)
        for name in ("broadsheet.db", "broadsheet.db-wal"):
            shutil.copy(str(old) + name[len("broadsheet.db"):], pathlib.Path(post.paper.folder) / name)
        (pathlib.Path(post.paper.folder) / "broadsheet.db-shm").unlink(missing_ok=True)
        post.paper.start()
        wait_until(lambda: "older than what was sent from here" in post.paper.said(), "a word about the database")
        time.sleep(1)
        self.assertEqual(len(self.receiver.received), 400)
        post.paper.do("mailing", "cancel", daily)
        post.paper.do("mailing", "resume-sending")
        post.paper.do("import", "--publish", post.paper.story("new", "A new story"))
        again = post.daily()
        wait_until(lambda: post.state_of(again) == 6, "a new daily")
        post.paper.stop()

    def test_send_beside_serve(self):
        post = self.make(extra="rate = 500\n")
        post.paper.start()
        daily = post.daily()
        helper = subprocess.run([BINARY, "-C", post.paper.folder, "send", str(daily)], env=post.paper.environment, capture_output=True, text=True, timeout=300)
        self.assertEqual(helper.returncode, 0, helper.stderr)
        self.assertIn(f"mailing {daily} is done: {READERS} planned, {READERS} accepted", helper.stdout)
        self.assertEqual(len(self.receiver.received), READERS)
        self.assertEqual(len(set(self.receiver.received)), READERS)
        plain, _ = self.metrics()
        self.assertGreater(plain["mail_accepted_total"], 0)
        self.assertLess(plain["mail_accepted_total"], READERS)
        post.paper.stop()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + CHOSEN)
