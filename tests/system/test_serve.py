#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The running server as its owner meets it: start and stop, what other commands change, stories at their
time, a port that is taken, a database that goes away."""
import datetime
import http.client
import pathlib
import random
import re
import signal
import socket
import sys
import tempfile
import threading
import time
import unittest

import harness

BINARY = sys.argv.pop(1)


def wait_for(condition, seconds):
    """The seconds until condition() was true; None: never."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if condition():
            return time.monotonic() - started
        time.sleep(0.02)
    return None


class Serve(unittest.TestCase):
    postgres = None

    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="broadsheet-serve-")
        self.paper = harness.Paper(BINARY, pathlib.Path(self.holder.name) / "paper")

    def tearDown(self):
        self.paper.kill()
        self.holder.cleanup()

    def import_story(self, name, headline, *arguments):
        self.paper.do("import", *arguments, self.paper.story(name, headline))
        return self.paper.ids()[0]

    def path_of(self, story):
        shown = self.paper.do("show", story)
        return re.search(r"^address\s+http://[^/]+(\S+)$", shown, re.M).group(1)

    def test_each_signal_stops_it_cleanly_and_soon(self):
        self.paper.do("init")
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.paper.start()
            self.assertEqual(self.paper.get("/").status, 200)
            with socket.create_connection(("127.0.0.1", self.paper.port)) as idle:
                idle.send(b"GET / HTTP/1.1\r\n")  # a reader in the middle of a request holds nothing up
                self.assertLess(self.paper.stop(sent), 4)

    def test_an_empty_folder_becomes_a_newspaper(self):
        self.paper.start()
        self.assertEqual(self.paper.get("/").status, 200)
        self.paper.stop()

    def test_a_folder_with_other_things_does_not(self):
        folder = pathlib.Path(self.paper.folder)
        folder.mkdir()
        (folder / "holiday.txt").write_text("x")
        done = self.paper.run("serve", "--port", 0)
        self.assertEqual(done.returncode, 1)
        self.assertIn("has other things in it", done.stderr)

    def test_a_taken_port_is_named(self):
        self.paper.do("init")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = self.paper.run("serve", "--port", port)
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(port), done.stderr)
        self.assertIn("in use", done.stderr)

    def test_wrong_configuration_is_refused_with_its_line(self):
        self.paper.do("init")
        ini = pathlib.Path(self.paper.folder) / "broadsheet.ini"
        ini.write_text("[server]\nprot = 80\n")
        done = self.paper.run("serve")
        self.assertEqual(done.returncode, 1)
        self.assertIn("broadsheet.ini:2: [server] has no key 'prot'; did you mean 'port'?", done.stderr)

    def test_what_other_commands_change_is_seen_at_once(self):
        self.paper.do("init")
        self.paper.start()
        self.assertNotIn("Bridge reopens", self.paper.get("/").text)
        story = self.import_story("bridge", "Bridge reopens")
        self.assertNotIn("Bridge reopens", self.paper.get("/").text)
        path = self.path_of(story)
        self.assertEqual(self.paper.get(path).status, 404)
        self.paper.do("publish", story)
        self.assertIsNotNone(wait_for(lambda: "Bridge reopens" in self.paper.get("/").text, 2))
        self.assertEqual(self.paper.get(path).status, 200)
        self.paper.do("correct", story, "--wrong", "It said closed.", "--right", "It is open.")
        self.assertIsNotNone(wait_for(lambda: "It is open." in self.paper.get(path).text, 2))
        self.paper.do("setting", "name", "The Evening Post")
        self.assertIsNotNone(wait_for(lambda: "The Evening Post" in self.paper.get("/").text, 2))
        self.paper.do("withdraw", story)
        self.assertIsNotNone(wait_for(lambda: self.paper.get(path).status == 410, 2))
        self.assertNotIn("Bridge reopens", self.paper.get("/").text)

    def test_scheduled_stories_appear_within_a_second(self):
        self.paper.do("init")
        self.paper.start()
        story = self.import_story("later", "News from later")
        when = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(seconds=5)
        self.paper.do("schedule", "--at", when.isoformat(), story)
        path = self.path_of(story)
        seen = wait_for(lambda: self.paper.get(path).status == 200, 12)
        late = (datetime.datetime.now(datetime.timezone.utc) - when).total_seconds()
        self.assertIsNotNone(seen)
        self.assertGreaterEqual(late, 0)
        self.assertLess(late, 1.5)  # a second, and this test's own polling on a busy machine

    def test_scheduled_while_it_was_down(self):
        self.paper.do("init")
        story = self.import_story("missed", "Missed its time")
        when = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(seconds=2)
        self.paper.do("schedule", "--at", when.isoformat(), story)
        path = self.path_of(story)
        time.sleep(2.5)
        self.paper.start()
        self.assertIsNotNone(wait_for(lambda: self.paper.get(path).status == 200, 3))

    def test_the_demo(self):
        self.paper.start(command="demo")
        first = self.paper.get("/").text
        self.assertIn("The Kestrel Bay Courier", first)
        self.paper.stop()
        self.assertGreaterEqual(len(self.paper.ids("--status", "published")), 24)
        self.assertEqual(len(self.paper.do("section").splitlines()), 6)
        self.assertIn("lead    curated", self.paper.do("front").splitlines()[0])
        before = self.paper.ids()
        self.paper.start(command="demo")
        self.assertEqual(self.paper.ids(), before)
        self.assertEqual(self.paper.do("doctor").count("FAIL"), 0)

    def test_an_interrupted_demo_starts_afresh(self):
        making = pathlib.Path(self.paper.folder + ".making")
        making.mkdir()
        (making / "broadsheet.ini").write_text("[half\n")
        self.paper.start(command="demo")
        self.assertFalse(making.exists())
        self.assertGreaterEqual(len(self.paper.ids("--status", "published")), 24)

    def test_everything_at_once(self):
        """Readers of pages, pictures, searches and what does not exist, while the newsroom works and until the
        server stops. Built with ThreadSanitizer, its exit status says whether any two threads were in each
        other's way."""
        self.paper.start(command="demo")
        paths = [p for p in self.paper.crawl(60)] + ["/search?q=bridge", "/nothing", "/search?q=sea", "/metrics"]
        wrong, answers, ending = [], [0], threading.Event()

        def read(number):
            order = random.Random(number)
            while not ending.is_set():
                path = order.choice(paths)
                coding = order.choice(["gzip", "br", "identity"])
                try:
                    answer = self.paper.get(path, {"Accept-Encoding": coding})
                except (OSError, http.client.HTTPException):
                    if not ending.is_set():
                        raise
                    return
                answers[0] += 1
                if answer.status >= 500:
                    wrong.append((path, answer.status))

        readers = [threading.Thread(target=read, args=(n,)) for n in range(8)]
        for reader in readers:
            reader.start()
        for number in range(4):
            self.import_story(f"busy{number}", f"Busy day {number}", "--publish")
            self.paper.do("setting", "name", f"Busy Paper {number}")
        self.assertIsNotNone(wait_for(lambda: "Busy Paper 3" in self.paper.get("/").text, 3))
        self.assertGreater(answers[0], 200)
        ending.set()
        self.paper.stop()
        for reader in readers:
            reader.join()
        self.assertEqual(wrong, [])

    def test_the_front_page_survives_its_database(self):
        postgres = harness.Postgres()
        self.addCleanup(postgres.close)
        self.paper.environment.update(harness.on_postgres(postgres.database("paper")))
        self.paper.do("init")
        story = self.import_story("one", "The first of all", "--publish")
        path = self.path_of(story)
        self.paper.start()
        for page in ("/", path):
            self.assertEqual(self.paper.get(page).status, 200)
        postgres.stop()
        until = time.monotonic() + 6
        while time.monotonic() < until:
            for page in ("/", path):
                answer = self.paper.get(page)
                self.assertEqual(answer.status, 200)
                self.assertIn("The first of all", answer.text)
            time.sleep(0.1)
        self.assertEqual(self.paper.get("/search?q=nothing+cached").status, 503)
        self.assertIn("The first of all", self.paper.get("/").text)
        postgres.start()
        self.assertIsNotNone(wait_for(lambda: self.paper.get("/search?q=first").status == 200, 5))
        self.paper.do("setting", "name", "Back Again")
        self.assertIsNotNone(wait_for(lambda: "Back Again" in self.paper.get("/").text, 5))


if __name__ == "__main__":
    unittest.main(verbosity=2)
