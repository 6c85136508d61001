#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Returned mail by the ways in which it comes: a mail server's pipe, a maildir, a mailbox of a real
Dovecot, and a real Postfix that bounces into the pipe and the maildir. Does not cover: webhooks
(test_webhooks.py), and how each kind of bounce is read (tests/mail)."""
import json
import os
import pathlib
import pwd
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

DSN = """Return-Path: <>
From: MAILER-DAEMON@mx.example.org
To: bounces+{token}@courier.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <{name}@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

--B1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; anna@example.org
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} {words}

--B1--
"""
WISH = "From: a@b.example\nTo: bounces@courier.example\nSubject: unsubscribe-{token}\nMessage-ID: <{name}@b.example>\n\n"


class Returns(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="broadsheet-returns-")
        self.folder = pathlib.Path(self.holder.name)
        self.paper = harness.Paper(BINARY, self.folder / "paper", {"BROADSHEET_MAIL_SEND": "no"})
        self.paper.do("init")
        self.key = mail_servers.mail_key(self.paper)
        self.mailing = mail_servers.add_readers(self.paper, 40)
        self.addCleanup(self.holder.cleanup)

    def rows(self, query, *values):
        database = sqlite3.connect(pathlib.Path(self.paper.folder) / "broadsheet.db", timeout=60)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def status(self, reader):
        return self.rows("select status from subscriber where id = ?", reader)[0][0]

    def suppressed(self):
        return [row[0] for row in self.rows("select id from subscriber where status = 2 order by id")]

    def subscriptions(self, reader):
        return self.rows("select count(*) from subscription where subscriber_id = ? and status = 1", reader)[0][0]

    def bounce(self, reader, name=None, status="5.1.1", words="User unknown", key=None):
        token = mail_servers.token(key or self.key, mail_servers.BOUNCE, self.mailing, reader)
        return DSN.format(token=token, name=name or f"b{reader}", status=status, words=words).encode()

    def wish(self, reader, mailing=None):
        token = mail_servers.token(self.key, mail_servers.UNSUBSCRIBE, self.mailing if mailing is None else mailing, reader)
        return WISH.format(token=token, name=f"w{reader}").encode()

    def pipe(self, message, *options, environment=None):
        return subprocess.run([self.paper.binary, "-C", self.paper.folder, "bounce", *options], input=message,
                              env={**self.paper.environment, **(environment or {})}, capture_output=True, timeout=120)

    def test_pipe(self):
        done = self.pipe(self.bounce(1), "--verbose")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(b"counted: hard 5.1.1, mailing 1, reader 1, suppressed", done.stdout)
        self.assertIn(b"repeated", self.pipe(self.bounce(1), "--verbose").stdout)
        self.assertEqual(self.pipe(self.bounce(2)).stdout, b"")  # a mail server would send it on
        self.assertEqual(self.pipe(self.bounce(3, key="forged")).returncode, 0)
        self.assertEqual(self.pipe(b"").returncode, 0)
        self.assertEqual(self.pipe(os.urandom(100000)).returncode, 0)
        self.assertEqual(self.pipe(self.wish(4)).returncode, 0)
        self.assertEqual(self.suppressed(), [1, 2])
        self.assertEqual((self.subscriptions(3), self.subscriptions(4)), (3, 2))
        self.assertEqual(self.rows("select state, status from delivery where subscriber_id = 1"), [(5, "5.1.1")])
        self.assertEqual(self.rows("select sum(count) from mailing_count"), [(40,)])
        page = mail_servers.token(self.key, mail_servers.PAGE, 0, 1)
        self.paper.start()
        held = json.loads(self.paper.get(f"/reader/{page}/export").text)
        self.paper.stop()
        self.assertEqual([(one["kind"], one["status"]) for one in held["returned"]], [("hard", "5.1.1")])
        listed = self.paper.do("bounce", "--list").splitlines()
        self.assertRegex(listed[-1], r"Z  hard +command +1  reader1@reader.example  5.1.1 550 5.1.1 User unknown")

    def test_pipe_knows_the_envelope(self):
        """Where the message itself says nothing of us: by the option, or as Postfix's environment has it."""
        text = b"From: MAILER-DAEMON@x.example\nSubject: failure notice\n\nHi. This is the qmail-send program.\n\n<a@b.example>:\nno such user\n"
        addresses = [f"bounces+{mail_servers.token(self.key, mail_servers.BOUNCE, self.mailing, n)}@courier.example" for n in (5, 6)]
        self.assertEqual(self.pipe(text, "--recipient", addresses[0]).returncode, 0)
        self.assertEqual(self.pipe(text, environment={"ORIGINAL_RECIPIENT": addresses[1].upper()}).returncode, 0)
        self.assertEqual(self.suppressed(), [5, 6])

    def test_pipe_asks_to_be_tried_again(self):
        database = pathlib.Path(self.paper.folder) / "broadsheet.db"
        away = self.folder / "away.db"
        database.rename(away)
        database.mkdir()  # nothing that SQLite could open
        done = self.pipe(self.bounce(7))
        self.assertEqual(done.returncode, 75)
        database.rmdir()
        away.rename(database)
        self.assertEqual(self.pipe(self.bounce(7)).returncode, 0)
        self.assertEqual(self.suppressed(), [7])
        done = subprocess.run([self.paper.binary, "-C", str(self.folder / "nowhere"), "bounce"], input=self.bounce(8), capture_output=True)
        self.assertEqual(done.returncode, 75)

    def maildir(self):
        for name in ("new", "cur", "tmp"):
            (self.folder / "returned" / name).mkdir(parents=True, exist_ok=True)
        return self.folder / "returned"

    def deliver(self, maildir, name, message):
        (maildir / "tmp" / name).write_bytes(message)
        (maildir / "tmp" / name).rename(maildir / "new" / name)

    def test_maildir(self):
        maildir = self.maildir()
        self.paper.environment["BROADSHEET_BOUNCES_MAILDIR"] = str(maildir)
        self.deliver(maildir, "1.before", self.bounce(1))
        self.paper.start()
        mail_servers.wait_for(lambda: self.status(1) == 2, "what lay there is read")
        self.deliver(maildir, "2.while", self.bounce(2))
        self.deliver(maildir, "3.wish", self.wish(3, mailing=0))
        os.symlink("/etc/passwd", maildir / "new" / "4.link")
        self.deliver(maildir, "5.forged", self.bounce(4, key="forged"))
        mail_servers.wait_for(lambda: os.listdir(maildir / "new") == ["4.link"], "what comes is read")
        self.assertEqual(self.suppressed(), [1, 2])
        self.assertEqual(self.subscriptions(3), 0)
        self.assertEqual(sorted(os.listdir(maildir / "cur")), ["1.before:2,S", "2.while:2,S", "3.wish:2,S", "5.forged:2,S"])
        self.paper.stop()

    def imap_environment(self, dovecot):
        return {"BROADSHEET_BOUNCES_IMAP": f"imaps://localhost:{dovecot.imap_port}/INBOX", "BROADSHEET_BOUNCES_IMAP_USER": "bounces",
                "BROADSHEET_BOUNCES_IMAP_PASSWORD": "secret", "BROADSHEET_BOUNCES_IMAP_CA_FILE": dovecot.cert,
                "BROADSHEET_BOUNCES_POLL_SECONDS": "1"}

    def test_imap(self):
        dovecot = mail_servers.Dovecot()
        self.addCleanup(dovecot.close)
        self.paper.environment.update(self.imap_environment(dovecot))
        large = self.bounce(3).replace(b"--B1--", b"--B1\nContent-Type: message/rfc822\n\nSubject: x\n\n" + b"word " * 2000000 + b"\n--B1--")
        dovecot.append("bounces", self.bounce(1), self.bounce(2), large, self.wish(4), b"Subject: no report\n\nhello\n", self.bounce(5, key="x"))
        self.paper.start()
        mail_servers.wait_for(lambda: self.suppressed() == [1, 2, 3], f"the mailbox is read: {self.paper.said()}")
        mail_servers.wait_for(lambda: dovecot.messages("bounces") == [], "handled messages are moved")
        self.assertEqual(len(dovecot.messages("bounces", "Handled")), 6)
        self.assertEqual(self.subscriptions(4), 2)
        dovecot.append("bounces", *[self.bounce(n) for n in range(10, 40)])
        mail_servers.wait_for(lambda: len(self.suppressed()) == 33, "what comes later is read, too")
        # The server goes away and comes back.
        dovecot.stop()
        mail_servers.wait_for(lambda: "returned mail waits (imap)" in self.paper.said(), "it is said")
        dovecot.start()
        dovecot.append("bounces", self.bounce(40))
        mail_servers.wait_for(lambda: self.status(40) == 2, "it goes on", 90)
        self.paper.stop()
        self.assertIn("is fetched again", self.paper_log())

    def paper_log(self):
        return pathlib.Path(self.paper.folder.rstrip("/") + ".log").read_text(errors="replace")

    def test_imap_crash_loses_none(self):
        """Killed again and again while it reads: each report counts, and counts once."""
        dovecot = mail_servers.Dovecot()
        self.addCleanup(dovecot.close)
        self.paper.environment.update(self.imap_environment(dovecot))
        dovecot.append("bounces", *[self.bounce(n) for n in range(1, 41)])
        for _ in range(6):
            before = len(self.suppressed())
            self.paper.start()
            mail_servers.wait_for(lambda: len(self.suppressed()) >= min(before + 6, 40), "it reads")
            self.paper.kill()
        self.paper.start()
        mail_servers.wait_for(lambda: len(self.suppressed()) == 40, "all are read")
        mail_servers.wait_for(lambda: dovecot.messages("bounces") == [], "all are moved")
        self.paper.stop()
        self.assertEqual(self.rows("select count(*), count(distinct digest) from bounce"), [(40, 40)])
        self.assertEqual(self.rows("select state, count from mailing_count where count > 0"), [(5, 40)])

    def test_imap_is_verified(self):
        """Another certificate than the one believed: nothing is read, and no password is said."""
        dovecot = mail_servers.Dovecot()
        self.addCleanup(dovecot.close)
        other = tempfile.mkdtemp(prefix="broadsheet-other-")
        self.addCleanup(shutil.rmtree, other)
        mail_servers.certificate(other)
        self.paper.environment.update({**self.imap_environment(dovecot), "BROADSHEET_BOUNCES_IMAP_CA_FILE": other + "/cert.pem"})
        dovecot.append("bounces", self.bounce(1))
        self.paper.start()
        mail_servers.wait_for(lambda: "returned mail waits (imap)" in self.paper.said(), "it is refused")
        self.paper.stop()
        self.assertEqual(self.suppressed(), [])
        self.assertNotIn("secret", self.paper_log())
        self.assertEqual(len(dovecot.messages("bounces")), 1)

    def test_real_postfix_bounces(self):
        """Postfix refuses readers' letters after it took them, and sends its own reports to the bounce address: by a
        pipe for one domain, into a maildir for the other."""
        user = pwd.getpwnam("nobody")
        maildir = self.maildir()
        # The newspaper's folder belongs to the one whom the pipe runs as; the build's may be closed to them.
        self.paper.binary = shutil.copy(self.paper.binary, self.folder / "broadsheet")
        for path in [self.folder, *self.folder.rglob("*")]:
            os.chown(path, user.pw_uid, user.pw_gid)
        os.chmod(self.folder, 0o755)
        postfix = mail_servers.Postfix(main=f"""
recipient_delimiter = +
relay_domains = courier.example, other.example
transport_maps = inline:{{ courier.example=broadsheet: other.example=virtual: gone.example=nobody: }}
virtual_mailbox_domains = other.example
virtual_mailbox_base = {self.folder}
virtual_mailbox_maps = inline:{{ bounces@other.example=returned/ }}
virtual_uid_maps = static:{user.pw_uid}
virtual_gid_maps = static:{user.pw_gid}
bounce_queue_lifetime = 1d
""", transports=f"""broadsheet unix - n n - 2 pipe
  flags=DRhu user=nobody argv={self.paper.binary} -C {self.paper.folder} bounce --recipient ${{original_recipient}}
nobody unix - n n - 2 pipe
  user=nobody argv=/bin/sh -c {{exit 67}}
""")
        self.addCleanup(postfix.close)
        self.paper.environment["BROADSHEET_BOUNCES_MAILDIR"] = str(maildir)
        self.paper.start()
        with smtplib.SMTP("127.0.0.1", postfix.port) as smtp:
            for reader, domain in ((1, "courier.example"), (2, "other.example")):
                sender = f"bounces+{mail_servers.token(self.key, mail_servers.BOUNCE, self.mailing, reader)}@{domain}"
                smtp.sendmail(sender, [f"reader{reader}@gone.example"], f"Subject: Daily\r\nMessage-ID: <m{reader}@courier.example>\r\n\r\nGood morning.\r\n")
            # A letter to the bounce address that is no report does no harm.
            smtp.sendmail("someone@else.example", ["bounces@courier.example"], "Subject: hello\r\n\r\nhello\r\n")
        mail_servers.wait_for(lambda: self.suppressed() == [1, 2], f"both came back: {postfix.said()}\n{self.paper_log()}", 90)
        self.assertEqual(sorted(self.rows("select way, kind, status from bounce")), [("command", 0, "5.1.1"), ("maildir", 0, "5.1.1")])
        mail_servers.wait_for(lambda: postfix.queue() == 0, "nothing is left in the queue")
        # While the database is away Postfix keeps the report.
        self.paper.stop()
        database = pathlib.Path(self.paper.folder) / "broadsheet.db"
        database.rename(self.folder / "away.db")
        database.mkdir()
        with smtplib.SMTP("127.0.0.1", postfix.port) as smtp:
            sender = f"bounces+{mail_servers.token(self.key, mail_servers.BOUNCE, self.mailing, 3)}@courier.example"
            smtp.sendmail(sender, ["reader3@gone.example"], "Subject: Daily\r\n\r\nGood morning.\r\n")
        mail_servers.wait_for(lambda: "status=deferred" in postfix.said(), f"it is put off: {postfix.said()}", 90)
        database.rmdir()
        (self.folder / "away.db").rename(database)
        postfix.flush()
        mail_servers.wait_for(lambda: self.suppressed() == [1, 2, 3], f"it is tried again: {postfix.said()}", 90)


if __name__ == "__main__":
    unittest.main(verbosity=2)
