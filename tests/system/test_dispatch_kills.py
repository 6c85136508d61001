#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The promise of the post: after SIGKILL at any moment nobody is missed, nobody gets a message twice but for those
that are reported uncertain, and the states add up at every look. The sending process is killed at random moments and
just before and after each call that makes something durable or talks to the relay, which writes down every Message-ID.

BROADSHEET_TEST_MAIL_KILLS: random kills on each engine (default 5); the mailings have BROADSHEET_TEST_MAIL_READERS
recipients (default 2000). BROADSHEET_TEST_MAIL_EVERY: at each n-th call only (default 12; 1: at every one)."""
import collections
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import harness
import mail_receiver

BINARY, PRELOAD = sys.argv.pop(1), sys.argv.pop(1)
KILLS = int(os.environ.get("BROADSHEET_TEST_MAIL_KILLS", "5"))
READERS = int(os.environ.get("BROADSHEET_TEST_MAIL_READERS", "2000"))
EVERY = int(os.environ.get("BROADSHEET_TEST_MAIL_EVERY", "12"))
CONNECTIONS = 8
PENDING, LEASED, IN_FLIGHT, ACCEPTED, DEFERRED, FAILED, SUPPRESSED, UNCERTAIN, CANCELLED = range(9)
STORIES = "---\nheadline: Story {0} of the day\nsection: Town\nstandfirst: What happened\n---\nWords.\n"


class Post:
    """A newspaper with readers that sends to a receiver, on one engine."""

    def __init__(self, folder, port, postgres=None, readers=READERS, connections=CONNECTIONS):
        self.postgres, self.address = postgres, postgres.database(pathlib.Path(folder).name) if postgres else None
        self.paper = harness.Paper(BINARY, folder, harness.on_postgres(self.address) if postgres else None)
        self.paper.do("init")
        with open(pathlib.Path(folder) / "broadsheet.ini", "a") as config:
            config.write(f"\n[relay]\nhost = 127.0.0.1\nport = {port}\nsecurity = none\nconnections = {connections}\n")
        for number in range(3):
            self.paper.do("import", "--publish", self.paper.story(f"s{number}", f"Story {number} of the day"))
        self.readers = readers
        self.execute("insert into subscriber (address, address_key, name, status, created_at, confirmed_at) "
                     "select 'reader' || n || '@d' || (n % 40) || '.example.net', 'reader' || n, 'Reader ' || n, 1, 1, 1 from "
                     + (f"generate_series(1, {readers}) as series (n)" if postgres else
                        f"(with recursive series (n) as (select 1 union all select n + 1 from series where n < {readers}) select n from series)"))
        self.execute("insert into subscription (newsletter_id, subscriber_id, status, since) "
                     "select newsletter.id, subscriber.id, 1, 0 from subscriber, newsletter")

    def _psql(self, query):
        command = [f"{self.postgres.bin}/psql", "-AtX", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.address, "-c", query]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout

    def execute(self, query):
        if self.postgres:
            self._psql(query)
        else:
            database = sqlite3.connect(pathlib.Path(self.paper.folder) / "broadsheet.db", timeout=60)
            with database:
                database.execute(query)
            database.close()

    def rows(self, query):
        if self.postgres:
            return [line.split("\t") for line in self._psql(query).splitlines()]
        database = sqlite3.connect(f"file:{self.paper.folder}/broadsheet.db?mode=ro", uri=True, timeout=60)
        try:
            return [[str(value) for value in row] for row in database.execute(query)]
        finally:
            database.close()

    def states(self, mailing):
        """State -> count; the kept counts and the rows must say the same and add up to what was planned."""
        found = self.rows(  # one statement: one moment
            f"select 0, state, count(*) from delivery where mailing_id = {mailing} group by state "
            f"union all select 1, state, count from mailing_count where mailing_id = {mailing} and count <> 0 "
            f"union all select 2, 0, planned from mailing where id = {mailing}")
        rows, kept = ({int(state): int(count) for kind, state, count in found if kind == wanted} for wanted in ("0", "1"))
        planned = next(int(count) for kind, _, count in found if kind == "2")
        assert sum(rows.values()) == planned, (rows, planned)
        assert rows == kept, (rows, kept)
        return collections.Counter(rows)

    def kept_states(self, mailing):
        """While it is sent: one look, which must add up."""
        found = self.rows(f"select planned, (select sum(count) from mailing_count where mailing_id = {mailing}) from mailing where id = {mailing}")[0]
        assert found[0] == found[1], found

    def addresses(self, mailing, state):
        query = ("select subscriber.address from delivery join subscriber on subscriber.id = delivery.subscriber_id "
                 f"where mailing_id = {mailing} and delivery.state = {state}")
        return {row[0] for row in self.rows(query)}

    def state_of(self, mailing):
        return int(self.rows(f"select state from mailing where id = {mailing}")[0][0])

    def daily(self):
        self.execute("update mailing set occasion = 'old ' || id, newsletter_id = 3")
        self.execute("delete from mailing_story")
        mailing = self.paper.do("mailing", "compose", "daily", "--now").strip()
        launched = self.paper.run("mailing", "launch", mailing)  # unless `serve` was faster
        assert launched.returncode == 0 or self.paper.process, launched.stderr
        return int(mailing)

    def alert(self, story):
        self.paper.do("alert", story)
        return int(self.rows("select max(id) from mailing")[0][0])

    def wait_for_backends(self):
        """What a killed process had asked PostgreSQL for is still carried out: until then nothing is known."""
        while self.postgres and self._psql("select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()").strip() != "0":
            time.sleep(0.01)

    def send(self, extra=None):
        with open(self.paper.folder + ".log", "ab") as log:
            return subprocess.Popen([BINARY, "-C", self.paper.folder, "send"], env={**self.paper.environment, **(extra or {})},
                                    stdout=log, stderr=log)

    def finish(self, mailing, seconds=600):
        process = self.send()
        status = process.wait(timeout=seconds)
        assert status == 0, f"send gave {status}:\n{pathlib.Path(self.paper.folder + '.log').read_text()[-2000:]}"
        assert self.state_of(mailing) == 6, self.state_of(mailing)


class Kills(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="broadsheet-kills-")
        cls.receiver = mail_receiver.Receiver()
        cls.postgres = harness.Postgres()

    @classmethod
    def tearDownClass(cls):
        cls.receiver.close()
        cls.postgres.close()
        cls.holder.cleanup()

    def judge(self, post, mailing, in_flight, again):
        """What was received against what is said of it."""
        got = collections.Counter(address for address, _ in self.receiver.received)
        identities = collections.defaultdict(set)
        for address, identity in self.receiver.received:
            identities[address].add(identity)
        states = post.states(mailing)
        accepted, uncertain = post.addresses(mailing, ACCEPTED), post.addresses(mailing, UNCERTAIN)
        self.assertEqual(states[ACCEPTED] + states[UNCERTAIN], post.readers, states)
        missed = [address for address in accepted if got[address] == 0]
        self.assertEqual(missed, [], "accepted, and never received")
        twice = {address for address, count in got.items() if count > 1}
        self.assertEqual(twice - in_flight, set(), "received twice, though never reported uncertain")
        self.assertTrue(all(count <= 1 + KILLS for count in got.values()))
        self.assertTrue(all(len(found) == 1 for found in identities.values()), "a retry had another Message-ID")
        if again:
            self.assertEqual(uncertain, set())
        else:
            self.assertEqual(twice, set())
            self.assertLessEqual(uncertain, in_flight)
        return len(twice), len(uncertain)

    def kill_at_random(self, engine, postgres, again):
        chance = random.Random(f"{engine} {again} {KILLS}")
        post = Post(pathlib.Path(self.holder.name) / f"{engine}_{'again' if again else 'hold'}", self.receiver.port, postgres)
        kills, mailings, twice, uncertain, most_in_flight, story = 0, 0, 0, 0, 0, 0
        while kills < KILLS:
            del self.receiver.received[:]
            story += 1
            if again:
                post.paper.do("import", "--publish", post.paper.story(f"a{story}", f"Alert {story}"))
            mailing = post.alert(post.paper.ids("--limit", 1)[0]) if again else post.daily()
            in_flight, mailings = set(), mailings + 1
            while post.state_of(mailing) == 3:
                had, process = len(self.receiver.received), post.send()
                while len(self.receiver.received) == had and process.poll() is None:
                    time.sleep(0.002)
                time.sleep(chance.uniform(0, READERS / 20000))
                post.kept_states(mailing)
                process.kill()
                process.wait()
                post.wait_for_backends()
                now = post.addresses(mailing, IN_FLIGHT)
                post.states(mailing)
                most_in_flight, in_flight, kills = max(most_in_flight, len(now)), in_flight | now, kills + 1
                # A connection's next message is begun in the commit that has the result of its last.
                self.assertLessEqual(len(now), CONNECTIONS)
                if kills >= KILLS:
                    break
            post.finish(mailing) if post.state_of(mailing) == 3 else None
            a, b = self.judge(post, mailing, in_flight, again)
            twice, uncertain = twice + a, uncertain + b
        print(f"{engine}, {'sent again' if again else 'held'}: {kills} kills in {mailings} mailings of {READERS}: 0 missed, {twice} twice, "
              f"{uncertain} held as uncertain, {most_in_flight} in flight at most", flush=True)

    def test_random_on_sqlite_held(self):
        self.kill_at_random("sqlite", None, False)

    def test_random_on_sqlite_sent_again(self):
        self.kill_at_random("sqlite", None, True)

    def test_random_on_postgres_held(self):
        self.kill_at_random("postgres", self.postgres, False)

    def test_random_on_postgres_sent_again(self):
        self.kill_at_random("postgres", self.postgres, True)

    def test_at_every_call(self):
        original = Post(pathlib.Path(self.holder.name) / "calls", self.receiver.port, None, readers=5, connections=2)
        mailing = original.daily()
        at, tried, twice, uncertain = 0, 0, 0, 0
        while True:
            folder = pathlib.Path(self.holder.name) / f"calls{at}"
            shutil.copytree(original.paper.folder, folder)
            del self.receiver.received[:]
            post = Post.__new__(Post)
            post.postgres, post.readers, post.paper = None, 5, harness.Paper(BINARY, folder)
            process = post.send({"LD_PRELOAD": PRELOAD, "KILL_AT": str(at), "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"})
            status = process.wait(timeout=120)
            in_flight = post.addresses(mailing, IN_FLIGHT)
            post.states(mailing)
            if status >= 0:
                self.assertEqual(status, 0)
                break
            if post.state_of(mailing) == 3:
                post.finish(mailing, 120)
            a, b = self.judge(post, mailing, in_flight, False)
            twice, uncertain, tried = twice + a, uncertain + b, tried + 1
            shutil.rmtree(folder)
            at += EVERY
        self.assertGreater(tried, 2)
        print(f"killed at {tried} of {at} moments around calls: 0 missed, {twice} twice, {uncertain} held as uncertain", flush=True)


if __name__ == "__main__":
    unittest.main()
