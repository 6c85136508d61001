#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Acknowledged means durable (docs: what Broadsheet promises): the server and the publishing command are killed
with SIGKILL at random moments under readers' load. Nothing that was acknowledged may be lost, no page may be
half-written. BROADSHEET_TEST_KILLS: how often, for each engine (default 20)."""
import http.client
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import harness

BINARY = sys.argv.pop(1)
KILLS = int(os.environ.get("BROADSHEET_TEST_KILLS", "20"))


class Readers:
    """Threads that read pages over keep-alive; every answer that arrives must be whole."""

    def __init__(self, paper, count=3):
        self.paper, self.faults, self.read = paper, [], 0
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._read, args=(seed,)) for seed in range(count)]
        for thread in self.threads:
            thread.start()

    def _read(self, seed):
        choice = random.Random(seed)
        connection = None
        while not self.stopping.is_set():
            path = choice.choice(["/", "/town", "/feed.xml", "/sitemap.xml"])
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.paper.port or 1, timeout=10)
                connection.request("GET", path)
                response = connection.getresponse()
                body = response.read()
                self.read += 1
                self._judge(path, response, body)
            except (OSError, http.client.HTTPException):  # it was killed, or is not up yet
                if connection:
                    connection.close()
                connection = None
                time.sleep(0.02)
        if connection:
            connection.close()

    def _judge(self, path, response, body):
        if response.status == 200 and "html" in response.headers.get("Content-Type", "") and not body.rstrip().endswith(b"</html>"):
            self.faults.append(f"{path}: half a page, it ends with {body[-40:]}")
        if response.status not in (200, 304, 404, 503):
            self.faults.append(f"{path}: {response.status}")

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


class Publisher:
    """Imports and publishes one story after another; remembers what was acknowledged."""

    def __init__(self, paper):
        self.paper, self.number, self.acknowledged = paper, 0, []
        self.process, self.lock = None, threading.Lock()
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.stopping.is_set():
            self.number += 1
            headline = f"Story number {self.number} of many"
            path = self.paper.story(f"s{self.number}", headline, "First paragraph.\n\nLast paragraph.")
            with self.lock:
                self.process = subprocess.Popen([BINARY, "-C", self.paper.folder, "import", "--publish", str(path)],
                                                env=self.paper.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.process.communicate()
            if self.process.returncode == 0:
                self.acknowledged.append(headline)

    def kill(self):
        with self.lock:
            if self.process is not None and self.process.poll() is None:
                self.process.kill()

    def stop(self):
        self.stopping.set()
        self.thread.join()


class Crash(unittest.TestCase):
    def crash(self, extra):
        choice = random.Random(20261123)
        with tempfile.TemporaryDirectory(prefix="broadsheet-crash-") as holder:
            paper = harness.Paper(BINARY, pathlib.Path(holder) / "paper", extra)
            paper.do("init")
            paper.start()
            readers, publisher = Readers(paper), Publisher(paper)
            try:
                for _ in range(KILLS):
                    time.sleep(choice.uniform(0.02, 0.6))
                    if choice.random() < 0.5:
                        publisher.kill()
                    paper.kill()
                    paper.start()
                    self.assertEqual(paper.get("/").status, 200)
            finally:
                publisher.stop()
                readers.stop()
            try:
                self.check(paper, publisher, readers)
            finally:
                paper.kill()

    def check(self, paper, publisher, readers):
        self.assertEqual(readers.faults, [])
        self.assertGreater(readers.read, KILLS)
        self.assertGreater(len(publisher.acknowledged), 0)
        listed = paper.do("list", "--status", "published", "--limit", 100000).splitlines()
        headlines = [line.split(None, 4)[4] for line in listed]
        self.assertEqual(len(headlines), len(set(headlines)), "a story is there twice")
        lost = sorted(set(publisher.acknowledged) - set(headlines))
        self.assertEqual(lost, [], "acknowledged and lost")
        # Readers see all of them too: every page of the section's list.
        seen, page = "", 1
        while True:
            answer = paper.get(f"/town?page={page}" if page > 1 else "/town")
            if answer.status != 200:
                break
            seen, page = seen + answer.text, page + 1
        for headline in publisher.acknowledged:
            self.assertIn(headline, seen)
        self.assertIn("ok", [line.split()[0] for line in paper.do("doctor").splitlines() if "database" in line])
        # One import again after all that: the same sources change nothing.
        done = paper.do("import", "--publish", *sorted(map(str, pathlib.Path(paper.folder + ".stories").glob("*.md"))))
        self.assertEqual(len(paper.ids("--status", "published")), publisher.number, done)
        print(f"{KILLS} kills, {len(publisher.acknowledged)} stories acknowledged, {readers.read} pages read whole")

    def test_sqlite(self):
        self.crash(None)

    def test_postgres(self):
        postgres = harness.Postgres()
        self.addCleanup(postgres.close)
        self.crash(harness.on_postgres(postgres.database("paper")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
