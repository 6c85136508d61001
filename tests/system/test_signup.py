#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signing up as readers, scanners and bombers do it: the form, the confirmation, the own page, leaving
with one click, being forgotten. Does not cover: that mail arrives (that is the dispatch's), and scripts
pressing the confirmation's button (a browser's matter)."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import quopri
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

import harness

BINARY = sys.argv.pop(1)


class SignUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="broadsheet-signup-")
        # Nobody answers there: confirmations stay in the queue, where the test reads them.
        cls.paper = harness.Paper(BINARY, pathlib.Path(cls.holder.name) / "paper",
                                  {"BROADSHEET_MAIL_SEND": "no", "BROADSHEET_SERVER_TRUSTED_PROXIES": "127.0.0.1"})
        cls.paper.do("init")
        cls.paper.start()
        cls.database = sqlite3.connect(pathlib.Path(cls.paper.folder) / "broadsheet.db")
        token = re.search(r'name="token" value="([^"]+)"', cls.paper.get("/newsletters").text).group(1)
        cls.token = token

    @classmethod
    def tearDownClass(cls):
        cls.database.close()
        cls.paper.stop()
        cls.holder.cleanup()

    def rows(self, query, *values):
        return self.database.execute(query, values).fetchall()

    def post(self, path, fields, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.paper.port, timeout=30)
        body = urllib.parse.urlencode(fields, doseq=True)
        connection.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})
        answer = harness.Answer(connection.getresponse())
        connection.close()
        return answer

    def sign_up(self, address, **changed):
        fields = {"address": address, "newsletter": ["daily", "breaking"], "agreed": "yes", "terms": 1, "privacy": 1,
                  "origin": "/politics/a-story-c-1", "token": self.token, **changed}
        return self.post("/newsletters", {k: v for k, v in fields.items() if v is not None})

    def confirmation_of(self, address):
        form = self.rows("select form from notice where address = ? and kind = 'confirm'", address)[-1][0]
        return re.search(r"/newsletters/confirm/[\w-]+", quopri.decodestring(form.encode()).decode()).group(0)

    def confirmed(self, address):
        self.assertEqual(self.sign_up(address).status, 200)
        answer = self.post(self.confirmation_of(address), {})
        return re.search(r'href="(/reader/[\w-]+)"', answer.text).group(1)

    def status_of(self, address):
        found = self.rows("select status from subscriber where address = ?", address)
        return found[0][0] if found else None

    def unsubscribe_link(self, address):
        """The link of the confirmation's reader for everything; made by the same key as in mails."""
        return self.rows("select id from subscriber where address = ?", address)[0][0]

    def test_the_whole_way(self):
        self.assertEqual(self.sign_up("anna@example.org", name="Anna").status, 200)
        self.assertEqual(self.status_of("anna@example.org"), 0)
        consent = self.rows("select kind, newsletters, terms_version, privacy_version, page, length(network_hash), wording from consent "
                            "join consent_wording on consent_wording.id = wording_id order by consent.id desc limit 1")[0]
        self.assertEqual(consent[:6], (0, "daily,breaking", 1, 1, "/politics/a-story-c-1", 32))
        self.assertIn("I agree to the Terms and the Privacy policy", consent[6])
        link = self.confirmation_of("anna@example.org")
        for _ in range(50):  # what scanners do
            self.assertEqual(self.paper.get(link).status, 200)
            self.assertEqual(self.paper.get(link, method="HEAD").status, 200)
        self.assertEqual(self.status_of("anna@example.org"), 0)
        answer = self.post(link, {})
        self.assertEqual((answer.status, self.status_of("anna@example.org")), (200, 1))
        self.assertEqual(self.post(link, {}).status, 200)  # pressed twice
        self.assertEqual(self.rows("select count(*) from consent where kind = 1 and subscriber_id = "
                                   "(select id from subscriber where address = 'anna@example.org')"), [(1,)])

    def test_own_page(self):
        page = self.confirmed("berta@example.org")
        self.assertEqual(self.paper.get(page).headers["Cache-Control"], "no-store")
        saved = self.post(page, {"name": "Berta", "newsletter": ["daily"], "zone": "Europe/Berlin", "pause": "2099-01-01"})
        self.assertEqual(saved.status, 200)
        reader = self.rows("select id, name, zone_name, paused_until > 0 from subscriber where address = 'berta@example.org'")[0]
        self.assertEqual(reader[1:], ("Berta", "Europe/Berlin", 1))
        states = self.rows("select newsletter.slug, subscription.status from subscription join newsletter on newsletter.id = newsletter_id "
                           "where subscriber_id = ? order by 1", reader[0])
        self.assertEqual(states, [("breaking", 2), ("daily", 1)])
        self.assertEqual(self.post(page, {"zone": "Mars/Crater"}).status, 422)
        held = json.loads(self.paper.get(page + "/export").text)
        self.assertEqual((held["address"], held["name"]), ("berta@example.org", "Berta"))
        self.assertEqual([one["kind"] for one in held["consents"]][:2], ["requested", "confirmed"])
        erased = self.rows("select count(*) from suppression where reason = 2")[0][0]
        self.assertEqual(self.post(page + "/erase", {}).status, 200)  # not sure: nothing happens
        self.assertEqual(self.status_of("berta@example.org"), 1)
        self.assertEqual(self.post(page + "/erase", {"sure": "yes"}).status, 200)
        self.assertIsNone(self.status_of("berta@example.org"))
        for table in ("consent", "subscription", "notice", "subscriber_section"):
            self.assertEqual(self.rows(f"select count(*) from {table} where subscriber_id = ?", reader[0]), [(0,)], table)
        self.assertEqual(self.rows("select count(*) from suppression where reason = 2 and length(address_hash) = 32")[0][0], erased + 1)
        self.assertEqual(self.paper.get(page).status, 404)

    def test_forged_links(self):
        page = self.confirmed("carla@example.org")
        for path in (page[:-1] + ("A" if page[-1] != "A" else "B"), page + "A", "/reader/x", "/unsubscribe/" + page.split("/")[-1],
                     "/newsletters/confirm/" + page.split("/")[-1]):
            self.assertEqual(self.paper.get(path).status, 404, path)
            self.assertEqual(self.post(path, {}).status, 404, path)
        self.assertEqual(self.status_of("carla@example.org"), 1)

    def test_nobody_is_bombed(self):
        answers = {self.sign_up("stranger@example.org").text for _ in range(12)}
        self.assertEqual(len(answers), 1)  # the answer tells nothing
        self.assertEqual(self.rows("select count(*) from notice where address = 'stranger@example.org'"), [(1,)])
        known = self.confirmed("known@example.org") and self.sign_up("known@example.org").text
        self.assertEqual({known}, answers)

    def test_wrong_forms(self):
        before = self.rows("select count(*) from notice")
        for address, changed, status in (("no-address", {}, 422), ("d@example.org\r\nBcc: e@example.org", {}, 422),
                                         ("d@example.org", {"agreed": None}, 422), ("d@example.org", {"newsletter": ["none"]}, 422),
                                         ("d@example.org", {"token": "forged"}, 200), ("d@example.org", {"token": None}, 200),
                                         ("d@example.org", {"website": "http://spam.example"}, 200)):
            self.assertEqual(self.sign_up(address, **changed).status, status, (address, changed))
        self.assertIsNone(self.status_of("d@example.org"))
        self.assertEqual(self.rows("select count(*) from notice"), before)

    def test_typing_mistakes_are_pointed_out(self):
        self.assertIn("eve@gmail.com", self.sign_up("eve@gmial.com").text)
        self.assertEqual(self.status_of("eve@gmial.com"), 0)  # never corrected by itself

    def reader_of(self, address):
        return self.rows("select id from subscriber where address = ?", address)[0][0]

    def token_of(self, purpose, first, second):
        """As in a mail's links: made from the newspaper's key, as reader_links.c does."""
        key = self.rows("select value from setting where key = 'mail_key'")[0][0].encode()
        numbers = b""
        for rest in (first, second):
            while True:
                numbers += bytes([rest & 0x7F | (0x80 if rest > 0x7F else 0)])
                rest >>= 7
                if rest == 0:
                    break
        mac = hmac.new(key, bytes([purpose]) + numbers, hashlib.sha256).digest()[:12]
        return base64.urlsafe_b64encode(numbers + mac).decode().rstrip("=")

    def send_link_of(self, address):
        return "/unsubscribe/" + self.token_of(1, 0, self.reader_of(address))

    def test_clicks_lead_only_where_the_mail_led(self):
        self.confirmed("clicks@example.org")
        self.confirmed("silent@example.org")
        self.database.execute("update subscriber set tracking = 1 where address = 'clicks@example.org'")
        self.database.commit()
        self.paper.do("import", "--publish", self.paper.story("click", "A story to click on"))
        self.assertNotIn("/c/", self.paper.do("mailing", "preview", self.paper.do("mailing", "compose", "daily", "--now").strip()))  # off by default
        self.paper.do("newsletter", "set", "daily", "tracking", "yes")
        mailing = int(self.paper.do("mailing", "compose", "daily", "--now"))
        self.assertIn("/c/", self.paper.do("mailing", "preview", mailing))
        self.paper.do("mailing", "launch", mailing)
        reader, silent = self.reader_of("clicks@example.org"), self.reader_of("silent@example.org")
        token = self.token_of(5, mailing, reader)
        answer = self.paper.get(f"/c/{token}/0")
        self.assertEqual(answer.status, 302)
        self.assertIn("a-story-to-click-on", answer.headers["Location"])
        for path in (f"/c/{token}/99", f"/c/{token}/-1", f"/c/{token}/0x0", f"/c/{token}/http:%2f%2fevil.example", f"/c/{token[:-1]}x/0",
                     f"/c/{self.token_of(4, mailing, reader)}/0", f"/c/{self.token_of(5, mailing + 1, reader)}/0", "/c/x/0"):
            answer = self.paper.get(path)
            self.assertIn((answer.status, answer.headers["Location"]), ((400, None), (404, None)), path)
        self.assertEqual(self.paper.get(f"/c/{self.token_of(5, mailing, silent)}/0").status, 302)
        self.assertEqual(self.paper.get(f"/o/{self.token_of(4, mailing, silent)}.gif").status, 200)
        self.assertEqual(self.paper.get(f"/o/{self.token_of(4, mailing, reader)}.gif").status, 200)
        self.assertEqual(self.paper.get(f"/o/{token}.gif").status, 200)  # forged: a picture, and nothing counted
        counted = self.rows("select subscriber_id, kind, count from mailing_activity where mailing_id = ? order by kind", mailing)
        self.assertEqual(counted, [(reader, 0, 1), (reader, 1, 1)])  # who did not agree is not counted
        self.assertEqual(self.rows("select active_at > 0 from subscriber where id = ?", silent), [(0,)])
        page = self.paper.get(self.rows("select '/mail/' || public_id from mailing where id = ?", mailing)[0][0])
        self.assertEqual(page.status, 200)
        self.assertIn("A story to click on", page.text)
        for word in ("/unsubscribe/", "/reader/", "/c/", "/o/"):
            self.assertNotIn(word, page.text)  # nothing of any one reader's

    def newsletters_of(self, address):
        return self.rows("select count(*) from subscription where status = 1 and subscriber_id = (select id from subscriber where address = ?)",
                         address)[0][0]

    def test_scanners_unsubscribe_nobody_and_one_post_does(self):
        self.confirmed("scanned@example.org")
        self.confirmed("other@example.org")
        link = self.send_link_of("scanned@example.org")
        connection = http.client.HTTPConnection("127.0.0.1", self.paper.port, timeout=30)
        for n in range(1000):
            connection.request("HEAD" if n % 2 else "GET", link, headers={"User-Agent": "scanner"})
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, 200)
        connection.close()
        self.assertEqual(self.newsletters_of("scanned@example.org"), 2)
        self.assertEqual(self.post(link, {"List-Unsubscribe": "One-Click"}).status, 200)  # no cookie, as RFC 8058 says
        self.assertEqual(self.newsletters_of("scanned@example.org"), 0)
        self.assertEqual(self.newsletters_of("other@example.org"), 2)
        self.assertEqual(self.post(link, {"List-Unsubscribe": "One-Click"}).status, 200)  # again is no fault

    def test_maintenance_closes_all_but_the_readers_own(self):
        page = self.confirmed("closed@example.org")
        link = self.send_link_of("closed@example.org")
        self.sign_up("late@example.org")
        confirmation = self.confirmation_of("late@example.org")
        self.assertEqual(self.paper.get("/").status, 200)
        self.paper.do("setting", "maintenance", "on")
        try:
            deadline = time.monotonic() + 20
            while self.paper.get("/").status != 503 and time.monotonic() < deadline:
                time.sleep(0.05)
            for path in ("/", "/latest", "/newsletters", "/feed.xml", "/search?q=x"):
                answer = self.paper.get(path)
                self.assertEqual((answer.status, answer.headers["Retry-After"]), (503, "300"), path)
            self.assertEqual(self.sign_up("nobody@example.org").status, 503)
            self.assertIsNone(self.status_of("nobody@example.org"))
            self.assertEqual(self.paper.get("/healthz").status, 200)
            for path in (link, page, confirmation, "/terms", "/privacy"):
                self.assertEqual(self.paper.get(path).status, 200, path)
            self.assertEqual(self.post(confirmation, {}).status, 200)
            self.assertEqual(self.status_of("late@example.org"), 1)
            self.assertEqual(self.post(link, {"List-Unsubscribe": "One-Click"}).status, 200)
            self.assertEqual(self.newsletters_of("closed@example.org"), 0)
        finally:
            self.paper.do("setting", "maintenance", "off")
        deadline = time.monotonic() + 20
        while self.paper.get("/").status != 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(self.paper.get("/").status, 200)

    def test_other_sites_scripts(self):
        here = {"Origin": "https://one.example"}
        self.assertIsNone(self.paper.get("/newsletters", here).headers["Access-Control-Allow-Origin"])
        self.paper.do("setting", "form_origins", "https://one.example https://two.example")
        deadline = time.monotonic() + 20
        while self.paper.get("/newsletters", here).headers["Access-Control-Allow-Origin"] is None and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(self.paper.get("/newsletters", here).headers["Access-Control-Allow-Origin"], "https://one.example")
        self.assertIsNone(self.paper.get("/newsletters", {"Origin": "https://evil.example"}).headers["Access-Control-Allow-Origin"])
        self.assertIsNone(self.paper.get("/", here).headers["Access-Control-Allow-Origin"])
        fields = {"address": "cors@example.org", "newsletter": "daily", "agreed": "yes", "token": self.token}
        self.assertEqual(self.post("/newsletters", fields, here).headers["Access-Control-Allow-Origin"], "https://one.example")
        self.assertEqual(self.status_of("cors@example.org"), 0)
        self.assertNotEqual(self.paper.run("setting", "form_origins", "javascript:alert(1)").returncode, 0)
        self.paper.do("setting", "form_origins", "")

    def test_names_and_addresses_inject_nothing(self):
        self.assertEqual(self.sign_up("name@example.org", name="Eve\r\nBcc: all@example.org\r\n\r\nBuy").status, 200)
        self.assertEqual(self.rows("select name from subscriber where address = 'name@example.org'"), [("Eve Bcc: all@example.org Buy",)])
        form = self.rows("select form from notice where address = 'name@example.org'")[0][0]
        self.assertNotIn("\nBcc:", form)
        for address in ("a@example.org\nBcc: b@example.org", "a@example.org,b@example.org", "a@example.org b@example.org", "<a@example.org>",
                        "a@example.org\x00", "\"a b\"@example.org", "a@[127.0.0.1]", "a@localhost"):
            self.assertIn(self.sign_up(address).status, (400, 422), address)

    def test_addresses_in_other_scripts(self):
        self.assertEqual(self.sign_up("jörg@bücher.example").status, 200)
        self.assertEqual(self.status_of("jörg@xn--bcher-kva.example"), 0)
        self.assertEqual(self.sign_up("用户@例子.中国").status, 200)
        self.assertEqual(self.status_of("用户@xn--fsqu00a.xn--fiqs8s"), 0)

    def test_a_restored_backup_brings_nobody_back(self):
        self.confirmed("stays@example.org")
        page = self.confirmed("gone@example.org")
        self.post(page + "/erase", {"sure": "yes"})
        self.post(self.send_link_of("stays@example.org"), {"List-Unsubscribe": "One-Click"})
        file = pathlib.Path(self.holder.name) / "after.backup"
        self.paper.do("backup", file)
        other = harness.Paper(BINARY, pathlib.Path(self.holder.name) / "restored")
        other.do("restore", file)
        self.assertIn("daily        left", other.do("subscribers", "show", "stays@example.org"))
        self.assertNotEqual(other.run("subscribers", "show", "gone@example.org").returncode, 0)
        lines = pathlib.Path(self.holder.name) / "list.csv"
        lines.write_text("email\ngone@example.org\nstays@example.org\n")
        other.do("subscribers", "import", lines, "--newsletter", "daily", "--source", "an old list")
        self.assertNotEqual(other.run("subscribers", "show", "gone@example.org").returncode, 0)
        self.assertIn("daily        left", other.do("subscribers", "show", "stays@example.org"))

    def test_an_older_backup_learns_who_left_since(self):
        """The journal of withdrawals stands beside the database: what a backup can't know, it tells."""
        names = ("stayed", "left", "erased", "switched", "returned")
        lines = pathlib.Path(self.holder.name) / "since.csv"
        lines.write_text("email\n" + "".join(f"{name}@example.org\n" for name in names))
        self.paper.do("subscribers", "import", lines, "--newsletter", "daily", "--newsletter", "breaking", "--source", "a test")
        pages = {name: "/reader/" + self.token_of(2, 0, self.reader_of(name + "@example.org")) for name in names}
        file = pathlib.Path(self.holder.name) / "before.backup"
        self.paper.do("backup", file)
        for name in ("left", "returned"):
            self.post(self.send_link_of(name + "@example.org"), {"List-Unsubscribe": "One-Click"})
        self.assertEqual(self.post(pages["erased"] + "/erase", {"sure": "yes"}).status, 200)
        self.assertLess(self.post(pages["switched"], {"newsletter": "breaking"}).status, 400)
        self.assertLess(self.post(pages["returned"], {"newsletter": "daily"}).status, 400)
        self.assertIn("daily        left", self.paper.do("subscribers", "show", "switched@example.org"))
        self.assertIn("daily        on since", self.paper.do("subscribers", "show", "returned@example.org"))
        journal = pathlib.Path(self.paper.folder) / "withdrawals.log"
        self.assertNotIn("@", journal.read_text())
        self.assertRegex(self.paper.do("doctor"), r"ok +withdrawals")
        for way in ("restore", "replay"):
            other = harness.Paper(BINARY, pathlib.Path(self.holder.name) / way)
            folder = pathlib.Path(other.folder)
            folder.mkdir()
            if way == "restore":
                shutil.copy(journal, folder)
                (folder / "withdrawals.log").write_text(journal.read_text() + "17956")  # a crash cut it short
                self.assertRegex(other.do("restore", file), r"[1-9]\d* left.*[1-9]\d* deleted")
            else:
                other.do("restore", file)
                shutil.copy(journal, folder)
                done = other.run("doctor")
                self.assertRegex(done.stdout, r"FAIL +withdrawals .*suppression replay")
                self.assertNotEqual(done.returncode, 0)
                self.assertRegex(other.do("suppression", "replay", "--dry-run"), r"[1-9]\d* left")
                self.assertRegex(other.do("suppression", "replay"), r"[1-9]\d* left")
            self.assertRegex(other.do("suppression", "replay"), r" 0 left, 0 complained, 0 deleted")
            for name in ("left", "switched"):
                self.assertIn("daily        left", other.do("subscribers", "show", name + "@example.org"), way)
            self.assertIn("daily        on since", other.do("subscribers", "show", "stayed@example.org"), way)
            self.assertNotEqual(other.run("subscribers", "show", "erased@example.org").returncode, 0, way)
            self.assertEqual(other.do("suppression", "check", "erased@example.org").strip(), "erased")

    def test_zz_a_flood_is_one_mail_and_an_alarm(self):
        """BROADSHEET_TEST_FLOOD: how many sign-ups of one address (default 400), ten from each network."""
        flood = int(os.environ.get("BROADSHEET_TEST_FLOOD", "400"))
        token = re.search(r'name="token" value="([^"]+)"', self.paper.get("/newsletters").text).group(1)
        body = urllib.parse.urlencode({"address": "victim@example.org", "newsletter": "daily", "agreed": "yes", "token": token})
        connection = http.client.HTTPConnection("127.0.0.1", self.paper.port, timeout=60)
        began = time.monotonic()
        for n in range(flood):
            network = n % max(flood // 10, 1)
            connection.request("POST", "/newsletters", body, {"Content-Type": "application/x-www-form-urlencoded",
                                                              "X-Forwarded-For": f"10.{network // 250}.{network % 250}.7"})
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, 200)
        connection.close()
        self.assertEqual(self.rows("select count(*) from notice where address = 'victim@example.org'"), [(1,)])
        self.assertEqual(self.rows("select count(*) from consent where subscriber_id = (select id from subscriber where "
                                   "address = 'victim@example.org')"), [(1,)])
        deadline = max(began + 60, time.monotonic() + 30)
        while "alarm: " not in self.paper.said() and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertIn("sign-ups were refused this hour", self.paper.said())
        self.assertIn("sign-ups were refused in this hour", " ".join(self.overview()["warnings"]))

    def overview(self):
        """The newsroom's first view, as an owner gets it."""
        password = "correct horse battery staple"
        subprocess.run([self.paper.binary, "-C", self.paper.folder, "staff", "add", "owner@example.org", "--name", "Owner"], text=True,
                       input=password + "\n", env=self.paper.environment, check=True, capture_output=True)
        connection = http.client.HTTPConnection("127.0.0.1", self.paper.port, timeout=60)
        connection.request("POST", "/api/session", json.dumps({"email": "owner@example.org", "password": password}),
                           {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        self.assertEqual(answer.status, 200)
        connection.request("GET", "/api/overview", headers={"Cookie": answer.getheader("Set-Cookie").split(";")[0]})
        return json.loads(connection.getresponse().read())

    def test_policies_have_versions(self):
        text = pathlib.Path(self.holder.name) / "terms.md"
        text.write_text("# Our terms\n\nBe kind.\n")
        self.assertIn("version 2", self.paper.do("newsletter", "policy", "terms", text))
        self.assertIn("version 2", self.paper.do("newsletter", "policy", "terms", text))  # the same words again
        self.assertIn("Be kind.", self.paper.get("/terms").text)
        self.assertNotIn("Be kind.", self.paper.get("/terms/1").text)
        self.assertEqual(self.paper.get("/terms/3").status, 404)


if __name__ == "__main__":
    unittest.main(verbosity=2)
