#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Webhooks over HTTP: what is not configured is not there, what is not proved is refused, what is proved
counts once. The keys are made here. Does not cover: SNS's certificate, which only its own hosts may give
(tests/web/test_webhooks.c)."""
import base64
import hashlib
import hmac
import http.client
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import harness
import mail_servers

BINARY = sys.argv.pop(1)
TOPIC = "arn:aws:sns:eu-west-1:123456789012:bounces"
PROVIDERS = ("ses", "postmark", "sendgrid", "mailgun")


class Webhooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="broadsheet-webhooks-")
        cls.folder = pathlib.Path(cls.holder.name)
        cls.secret = cls.folder / "p256.pem"
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", cls.secret], check=True)
        public = subprocess.run(["openssl", "ec", "-in", cls.secret, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
        cls.paper = harness.Paper(BINARY, cls.folder / "paper", {"BROADSHEET_MAIL_SEND": "no"})
        cls.paper.do("init")
        cls.key = mail_servers.mail_key(cls.paper)
        cls.mailing = mail_servers.add_readers(cls.paper, 30)
        cls.paper.start()
        cls.bare = [cls.post(name, b"{}").status for name in PROVIDERS]
        cls.paper.stop()
        cls.paper.environment.update({"BROADSHEET_BOUNCES_SES_TOPICS": TOPIC, "BROADSHEET_BOUNCES_POSTMARK_PASSWORD": "a long password",
                                      "BROADSHEET_BOUNCES_SENDGRID_KEY": base64.b64encode(public).decode(),
                                      "BROADSHEET_BOUNCES_MAILGUN_KEY": "mailgun key"})
        cls.paper.start()

    @classmethod
    def tearDownClass(cls):
        cls.paper.stop()
        cls.holder.cleanup()

    @classmethod
    def post(cls, provider, body, headers=None, method="POST"):
        connection = http.client.HTTPConnection("127.0.0.1", cls.paper.port, timeout=60)
        connection.request(method, f"/webhooks/{provider}", body, {"Content-Type": "application/json", **(headers or {})})
        answer = harness.Answer(connection.getresponse())
        connection.close()
        return answer

    def rows(self, query, *values):
        database = sqlite3.connect(pathlib.Path(self.paper.folder) / "broadsheet.db", timeout=60)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def status(self, reader):
        return self.rows("select status from subscriber where id = ?", reader)[0][0]

    def subscriptions(self, reader):
        return self.rows("select count(*) from subscription where subscriber_id = ? and status = 1", reader)[0][0]

    def message_id(self, reader):
        return "<" + mail_servers.token(self.key, mail_servers.MESSAGE_ID, self.mailing, reader) + "@courier.example>"

    def sendgrid(self, events, at=None):
        body = json.dumps(events).encode()
        stamp = str(int(at or time.time()))
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.secret], input=stamp.encode() + body, check=True,
                                   capture_output=True).stdout
        return body, {"X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
                      "X-Twilio-Email-Event-Webhook-Timestamp": stamp}

    def mailgun(self, event, key="mailgun key", at=None):
        stamp = str(int(at or time.time()))
        signature = hmac.new(key.encode(), (stamp + "tok").encode(), hashlib.sha256).hexdigest()
        return json.dumps({"signature": {"timestamp": stamp, "token": "tok", "signature": signature}, "event-data": event}).encode()

    def postmark(self, password="a long password"):
        return {"Authorization": "Basic " + base64.b64encode(f"hook:{password}".encode()).decode()}

    def test_not_configured(self):
        self.assertEqual(self.bare, [404, 404, 404, 404])

    def test_methods_and_sizes(self):
        for provider in PROVIDERS:
            self.assertEqual(self.post(provider, None, method="GET").status, 404, provider)  # looked for among the pages
            self.assertEqual(self.post(provider, b"x" * (3 << 20)).status, 413, provider)
        self.assertEqual(self.post("other", b"{}").status, 405)  # a page of that address could be
        self.assertEqual(self.post("ses", b"{").status, 400)
        self.assertEqual(self.post("mailgun", b"\xff").status, 400)

    def test_sendgrid(self):
        events = [{"email": "reader1@reader.example", "event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 no such user",
                   "sg_event_id": "e1", "smtp-id": self.message_id(1)},
                  {"email": "reader2@reader.example", "event": "spamreport", "sg_event_id": "e2"},
                  {"email": "reader3@reader.example", "event": "delivered", "sg_event_id": "e3"}]
        body, headers = self.sendgrid(events)
        self.assertEqual(self.post("sendgrid", body + b" ", headers).status, 403)
        self.assertEqual(self.post("sendgrid", body).status, 403)
        self.assertEqual(self.post("sendgrid", *self.sendgrid(events, at=time.time() - 90000)).status, 403)
        self.assertEqual((self.status(1), self.status(2)), (1, 1))
        for _ in range(2):
            self.assertEqual(self.post("sendgrid", body, headers).status, 200)
        self.assertEqual([self.status(n) for n in (1, 2, 3)], [2, 2, 1])
        self.assertEqual(self.subscriptions(2), 0)
        self.assertEqual(self.rows("select mailing_id, way, kind from bounce where subscriber_id in (1, 2) order by subscriber_id"),
                         [(self.mailing, "webhook sendgrid", 0), (0, "webhook sendgrid", 2)])
        self.assertEqual(self.rows("select state from delivery where subscriber_id = 1"), [(5,)])

    def test_mailgun(self):
        event = {"id": "m1", "event": "failed", "severity": "permanent", "reason": "bounce", "recipient": "reader11@reader.example",
                 "delivery-status": {"code": 550, "message": "no such user", "enhanced-code": "5.1.1"},
                 "message": {"headers": {"message-id": self.message_id(11)[1:-1]}}}
        self.assertEqual(self.post("mailgun", self.mailgun(event, key="another")).status, 403)
        self.assertEqual(self.post("mailgun", self.mailgun(event, at=time.time() - 90000)).status, 403)
        self.assertEqual(self.status(11), 1)
        self.assertEqual(self.post("mailgun", self.mailgun(event)).status, 200)
        self.assertEqual(self.post("mailgun", self.mailgun({"id": "m2", "event": "unsubscribed", "recipient": "reader12@reader.example"})).status, 200)
        self.assertEqual((self.status(11), self.status(12), self.subscriptions(12)), (2, 1, 0))

    def test_postmark(self):
        body = json.dumps({"RecordType": "SpamComplaint", "ID": 1, "Email": "reader21@reader.example"}).encode()
        for headers in ({}, self.postmark("wrong")):
            refused = self.post("postmark", body, headers)
            self.assertEqual((refused.status, refused.headers["WWW-Authenticate"]), (401, 'Basic realm="webhooks"'))
        self.assertEqual(self.status(21), 1)
        self.assertEqual(self.post("postmark", body, self.postmark()).status, 200)
        self.assertEqual((self.status(21), self.subscriptions(21)), (2, 0))
        stranger = json.dumps({"RecordType": "Bounce", "Type": "HardBounce", "ID": 2, "Email": "nobody@elsewhere.example"}).encode()
        self.assertEqual(self.post("postmark", stranger, self.postmark()).status, 200)

    def test_ses_forged(self):
        message = {"Type": "Notification", "MessageId": "x", "TopicArn": TOPIC, "Timestamp": "2026-11-23T12:00:00.000Z", "SignatureVersion": "1",
                   "Signature": "AAAA", "SigningCertURL": "https://evil.s3.amazonaws.com/SimpleNotificationService-0.pem",
                   "Message": json.dumps({"notificationType": "Complaint", "complaint": {
                       "feedbackId": "f", "complainedRecipients": [{"emailAddress": "reader30@reader.example"}]}})}
        self.assertEqual(self.post("ses", json.dumps(message).encode(), {"Content-Type": "text/plain; charset=UTF-8"}).status, 403)
        self.assertEqual(self.post("ses", json.dumps({**message, "TopicArn": "arn:aws:sns:eu-west-1:6:x"}).encode()).status, 403)
        self.assertEqual(self.status(30), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
