#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signing up as readers, scanners and bombers do it: the form, the confirmation, the own page, leaving
with one click, being forgotten. Does not cover: that mail arrives (that is the dispatch's), and scripts
pressing the confirmation's button (a browser's matter)."""
import http.client
import json
import pathlib
import quopri
import re
import sqlite3
import sys
import tempfile
import unittest
import urllib.parse

import harness

BINARY = sys.argv.pop(1)


class SignUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="broadsheet-signup-")
        # Nobody answers there: confirmations stay in the queue, where the test reads them.
        cls.paper = harness.Paper(BINARY, pathlib.Path(cls.holder.name) / "paper", {"BROADSHEET_MAIL_SEND": "no"})
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
        self.assertEqual(self.post(page + "/erase", {}).status, 200)  # not sure: nothing happens
        self.assertEqual(self.status_of("berta@example.org"), 1)
        self.assertEqual(self.post(page + "/erase", {"sure": "yes"}).status, 200)
        self.assertIsNone(self.status_of("berta@example.org"))
        for table in ("consent", "subscription", "notice", "subscriber_section"):
            self.assertEqual(self.rows(f"select count(*) from {table} where subscriber_id = ?", reader[0]), [(0,)], table)
        self.assertEqual(self.rows("select count(*) from suppression where reason = 2 and length(address_hash) = 32"), [(1,)])
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
