#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole way of a letter, with real servers: signed by both keys, sent by STARTTLS to a real Postfix, its
signatures verified there by opendkim, delivered to a real Dovecot, and read back over IMAP; then what comes back:
a bounce by Postfix into the pipe, a wish to leave by mail. Does not cover: other people's DNS."""
import email
import email.policy
import os
import pathlib
import pwd
import re
import shutil
import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import harness
import mail_servers

BINARY = sys.argv.pop(1)
DOMAIN = "courier.example"


class OpenDkim:
    """Verifies by the keys given ("selector._domainkey.domain" -> record), without DNS."""

    def __init__(self, keys):
        self.folder = tempfile.mkdtemp(prefix="broadsheet-opendkim-")
        self.port = harness.free_port()
        folder = pathlib.Path(self.folder)
        (folder / "keys").write_text("".join(f"{name} {record}\n" for name, record in keys.items()))
        (folder / "opendkim.conf").write_text(f"""
Mode v
Socket inet:{self.port}@127.0.0.1
TestPublicKeys {folder}/keys
AlwaysAddARHeader yes
AuthservID verifier.example
Syslog no
""")
        self.log = open(folder / "log", "wb")
        self.process = subprocess.Popen(["opendkim", "-f", "-x", str(folder / "opendkim.conf")], stdout=self.log, stderr=self.log)
        mail_servers.wait_for(lambda: mail_servers.accepts(self.port), "opendkim answers")

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def zone_records(text):
    """What `dkim new` prints for a zone file: name -> the TXT record's value."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"(\S+)\. IN TXT \((.*)\)", line)
        if match:
            found[match.group(1)] = "".join(re.findall(r'"([^"]*)"', match.group(2)))
    return found


class Mail(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="broadsheet-mail-")
        cls.folder = pathlib.Path(cls.holder.name)
        cls.closing = []
        cls.dovecot = cls.opened(mail_servers.Dovecot())
        cls.paper = harness.Paper(BINARY, cls.folder / "paper")
        cls.paper.do("init")
        for name, value in (("name", "The Kestrel Bay Courier"), ("base_url", f"https://{DOMAIN}"), ("mail_sender", f"news@{DOMAIN}"),
                            ("bounce_address", f"bounces@{DOMAIN}"), ("postal_address", "1 Quay Street, Kestrel Bay")):
            cls.paper.do("setting", name, value)
        cls.records = zone_records(cls.paper.do("dkim", "new"))
        cls.opendkim = cls.opened(OpenDkim(cls.records))
        cls.paper.do("import", "--publish", cls.paper.story("bridge", "Bridge toll returns", "Drivers pay from Monday.", standfirst="The toll is back."))
        cls.readers()
        cls.run_as_nobody()
        cls.postfix = cls.opened(cls.relay())
        cls.paper.environment.update({"BROADSHEET_RELAY_HOST": "localhost", "BROADSHEET_RELAY_PORT": str(cls.postfix.port),
                                      "BROADSHEET_RELAY_CA_FILE": cls.dovecot.cert, "BROADSHEET_MAIL_PREFLIGHT_DNS": "no"})
        cls.paper.start()
        cls.mailing = int(cls.paper.do("mailing", "compose", "daily", "--now").split()[-1])

    @classmethod
    def opened(cls, server):
        cls.closing.append(server)
        return server

    @classmethod
    def tearDownClass(cls):
        if cls.paper.process is not None:
            cls.paper.stop()
        for server in reversed(cls.closing):
            server.close()
        cls.holder.cleanup()

    @classmethod
    def readers(cls):
        """anna and jürgen have mailboxes, gone has none."""
        with sqlite3.connect(pathlib.Path(cls.paper.folder) / "broadsheet.db", timeout=60) as database:
            for number, (local, name) in enumerate((("anna", "Anna"), ("juergen", "Jürgen Groß"), ("gone", "")), 1):
                address = f"{local}@reader.example"
                database.execute("insert into subscriber (id, address, address_key, name, status, created_at, confirmed_at) "
                                 "values (?, ?, ?, ?, 1, 1, 1)", (number, address, address, name))
                database.execute("insert into subscription (newsletter_id, subscriber_id, status, since) values (1, ?, 1, 1)", (number,))
        database.close()

    @classmethod
    def run_as_nobody(cls):
        """The pipe runs as nobody: the newspaper is theirs. Here that is only so in the test."""
        cls.binary = shutil.copy(cls.paper.binary, cls.folder / "broadsheet")
        user = pwd.getpwnam("nobody")
        for path in [cls.folder, *cls.folder.rglob("*")]:
            os.chown(path, user.pw_uid, user.pw_gid)
        os.chmod(cls.folder, 0o755)

    @classmethod
    def relay(cls):
        """It takes all of courier.example's letters, has them verified, and hands them to Dovecot; gone@ is refused only there."""
        return mail_servers.Postfix(main=f"""
recipient_delimiter = +
relay_domains = reader.example, {DOMAIN}
transport_maps = inline:{{ reader.example=lmtp:inet:127.0.0.1:{cls.dovecot.lmtp_port} gone@reader.example=refuse: {DOMAIN}=broadsheet: }}
smtpd_milters = inet:127.0.0.1:{cls.opendkim.port}
milter_default_action = tempfail
smtpd_tls_security_level = may
smtpd_tls_cert_file = {cls.dovecot.cert}
smtpd_tls_key_file = {cls.dovecot.folder}/key.pem
""", transports=f"""refuse unix - n n - 2 pipe
  user=nobody argv=/bin/sh -c {{exit 67}}
broadsheet unix - n n - 2 pipe
  flags=DRhu user=nobody argv={cls.binary} -C {cls.paper.folder} bounce --recipient ${{original_recipient}}
""")

    def rows(self, query, *values):
        database = sqlite3.connect(pathlib.Path(self.paper.folder) / "broadsheet.db", timeout=60)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def said(self):
        return pathlib.Path(self.paper.folder.rstrip("/") + ".log").read_text(errors="replace")[-3000:] + self.postfix.said()

    def letter(self, user):
        found = mail_servers.wait_for(lambda: self.dovecot.messages(user), f"{user}'s letter arrives: {self.said()}", 120)
        self.assertEqual(len(found), 1)
        return found[0], email.message_from_bytes(found[0], policy=email.policy.default)

    def test_1_read_back(self):
        raw, letter = self.letter("anna")
        self.assertEqual([to.addr_spec for to in letter["To"].addresses], ["anna@reader.example"])
        self.assertEqual(letter["From"], f"The Kestrel Bay Courier <news@{DOMAIN}>")
        self.assertIn("Bridge toll returns", letter["Subject"])
        token = mail_servers.token(mail_servers.mail_key(self.paper), mail_servers.BOUNCE, self.mailing, 1)
        self.assertEqual(letter["Return-Path"], f"<bounces+{token}@{DOMAIN}>")
        self.assertIn(b"with ESMTPS", raw)  # the relay's certificate was verified: see relay()
        self.assertEqual(letter["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        text = letter.get_body(("plain",)).get_content()
        self.assertIn("The toll is back.", text)
        self.assertIn("1 Quay Street", text)
        self.assertIn(f"https://{DOMAIN}/", letter.get_body(("html",)).get_content())
        _, second = self.letter("juergen")
        self.assertEqual([to.addr_spec for to in second["To"].addresses], ["juergen@reader.example"])
        self.assertNotEqual(second["Message-ID"], letter["Message-ID"])

    def test_2_both_signatures_pass(self):
        for user in ("anna", "juergen"):
            _, letter = self.letter(user)
            results = re.sub(r"\s+", " ", " ".join(letter.get_all("Authentication-Results")))
            verdicts = re.findall(r"dkim=(\w+)", results)
            self.assertEqual(verdicts, ["pass", "pass"], results)
            algorithms = sorted(re.search(r"a=([\w-]+)", value).group(1) for value in letter.get_all("DKIM-Signature"))
            self.assertEqual(algorithms, ["ed25519-sha256", "rsa-sha256"])
            for value in letter.get_all("DKIM-Signature"):
                signed = re.sub(r"\s", "", re.search(r"\bh=([^;]*)", value).group(1)).lower().split(":")
                self.assertTrue({"list-unsubscribe", "list-unsubscribe-post", "from", "to", "message-id"} <= set(signed))
                self.assertEqual(signed.count("from"), 2)  # one more cannot be added

    def test_3_a_changed_letter_fails(self):
        """That the verifier verifies: the same letter with another word."""
        raw, _ = self.letter("anna")
        header, body = raw.split(b"\r\n\r\n", 1)
        header = re.sub(rb"(?im)^(Authentication-Results|Received|Return-Path|Delivered-To|X-[\w-]+):.*\r\n([ \t].*\r\n)*", b"", header + b"\r\n")
        with smtplib.SMTP("127.0.0.1", self.postfix.port) as smtp:
            smtp.sendmail("x@y.example", ["good@reader.example"], header + b"\r\n" + body)
            smtp.sendmail("x@y.example", ["forged@reader.example"], header + b"\r\n" + body.replace(b"toll", b"sale", 1))
        for user, wanted in (("good", "pass"), ("forged", "fail")):
            _, letter = self.letter(user)
            verdicts = re.findall(r"dkim=(\w+)", " ".join(letter.get_all("Authentication-Results")))
            self.assertEqual(set(verdicts), {wanted}, user)

    def test_4_what_comes_back(self):
        mail_servers.wait_for(lambda: self.rows("select status from subscriber where id = 3") == [(2,)], f"the bounce counts: {self.said()}", 120)
        self.assertEqual(self.rows("select way, kind, mailing_id, status from bounce"), [("command", 0, self.mailing, "5.1.1")])
        mail_servers.wait_for(lambda: dict(self.rows("select state, count from mailing_count where count > 0")) == {3: 2, 5: 1}, "the sum is right")
        _, letter = self.letter("juergen")
        target = re.search(r"<mailto:([^?>]+)\?subject=([^>]+)>", re.sub(r"\s", "", letter["List-Unsubscribe"]))
        with smtplib.SMTP("127.0.0.1", self.postfix.port) as smtp:
            smtp.sendmail("juergen@reader.example", [target.group(1)], f"From: juergen@reader.example\r\nSubject: {target.group(2)}\r\n\r\n")
        mail_servers.wait_for(lambda: self.rows("select status from subscription where subscriber_id = 2") == [(2,)], f"the wish is granted: {self.said()}", 60)
        self.assertEqual(self.rows("select status from subscription where subscriber_id = 1"), [(1,)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
