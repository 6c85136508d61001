# SPDX-License-Identifier: Apache-2.0
"""Real mail servers for the system tests, each with a configuration and folders of its own in a
temporary folder, on loopback, and gone with it: Dovecot (IMAP, LMTP) and Postfix. They want root, as
CI has. Also our tokens, made from the newspaper's key."""
import base64
import hashlib
import hmac
import imaplib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import time

import harness

UNSUBSCRIBE, PAGE, BOUNCE, MESSAGE_ID = 1, 2, 6, 7


def leb128(number):
    out = b""
    while True:
        low, number = number & 0x7F, number >> 7
        out += bytes([low | (0x80 if number else 0)])
        if not number:
            return out


def token(key, purpose, first, second):
    """What newsroom/reader_links makes."""
    numbers = leb128(first) + leb128(second)
    whole = numbers + hmac.new(key.encode(), bytes([purpose]) + numbers, hashlib.sha256).digest()[:12]
    if purpose == BOUNCE:
        return base64.b32encode(whole).decode().lower().rstrip("=")
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def mail_key(paper):
    with sqlite3.connect(pathlib.Path(paper.folder) / "broadsheet.db") as database:
        return database.execute("select value from setting where key = 'mail_key'").fetchone()[0]


def add_readers(paper, count, domain="reader.example"):
    """Active readers 1 to count of all newsletters, and a mailing to them that was accepted; its number."""
    with sqlite3.connect(pathlib.Path(paper.folder) / "broadsheet.db", timeout=60) as database:
        for number in range(1, count + 1):
            address = f"reader{number}@{domain}"
            database.execute("insert into subscriber (id, address, address_key, name, status, created_at, confirmed_at) "
                             "values (?, ?, ?, ?, 1, 1, 1)", (number, address, address, f"Reader {number}"))
        database.execute("insert into subscription (newsletter_id, subscriber_id, status, since) "
                         "select newsletter.id, subscriber.id, 1, 1 from newsletter, subscriber")
        mailing = database.execute(
            "insert into mailing (public_id, newsletter_id, occasion, state, uncertain, created_at, due_at, latest_at, frozen_through, planned) "
            "values ('p1', 1, 'test', 6, 0, 1, 1, 1, -1, ?) returning id", (count,)).fetchone()[0]
        database.execute("insert into delivery (mailing_id, subscriber_id, state, due_at) select ?, id, 3, 1 from subscriber", (mailing,))
        database.execute("insert into mailing_count (mailing_id, state, count) values (?, 3, ?)", (mailing, count))
    database.close()
    return mailing


def wait_for(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"after {seconds} s still not: {what}")


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def certificate(folder):
    """A key and a certificate for localhost that vouches for itself: (certificate, key)."""
    cert, key = f"{folder}/cert.pem", f"{folder}/key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", cert, "-keyout", key],
                   check=True, capture_output=True)
    return cert, key


class Dovecot:
    """imaps on `imap_port`, LMTP on `lmtp_port`; any user, the password "secret"."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="broadsheet-dovecot-")
        os.chmod(self.folder, 0o755)
        self.cert, key = certificate(self.folder)
        self.imap_port, self.lmtp_port = harness.free_port(), harness.free_port()
        user = pwd.getpwnam("nobody")
        mail = pathlib.Path(self.folder) / "mail"
        mail.mkdir()
        os.chown(mail, user.pw_uid, user.pw_gid)
        version = subprocess.run(["dovecot", "--version"], check=True, capture_output=True, text=True).stdout
        own = self._of_2_3 if version.startswith("2.3") else self._of_2_4
        (pathlib.Path(self.folder) / "dovecot.conf").write_text(own(key, mail, user) + f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
auth_mechanisms = plain login
recipient_delimiter = +
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {self.imap_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {self.lmtp_port}
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
""")
        self.process = None
        self.start()

    def _of_2_3(self, key, mail, user):
        """What Debian 12 has."""
        return f"""
ssl_cert = <{self.cert}
ssl_key = <{key}
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user.pw_uid} gid={user.pw_gid} home={mail}/%n allow_all_users=yes
}}
"""

    def _of_2_4(self, key, mail, user):
        """What Debian 13 has."""
        return f"""
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
ssl_server_cert_file = {self.cert}
ssl_server_key_file = {key}
mail_driver = maildir
mail_path = ~/Maildir
passdb static {{
  password = secret
}}
userdb static {{
  fields {{
    uid = {user.pw_uid}
    gid = {user.pw_gid}
    home = {mail}/%{{user | username}}
  }}
  userdb_static_allow_all_users = yes
}}
"""

    def start(self):
        self.process = subprocess.Popen(["dovecot", "-F", "-c", f"{self.folder}/dovecot.conf"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: accepts(self.imap_port), f"Dovecot answers: {self.said()}")

    def said(self):
        log = pathlib.Path(self.folder) / "log"
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
            self.process = None

    def login(self, user):
        context = ssl.create_default_context(cafile=self.cert)
        imap = imaplib.IMAP4_SSL("localhost", self.imap_port, ssl_context=context)
        imap.login(user, "secret")
        return imap

    def append(self, user, *messages):
        imap = self.login(user)
        for message in messages:
            imap.append("INBOX", None, None, message)
        imap.logout()

    def messages(self, user, mailbox="INBOX"):
        """All of a mailbox, as bytes."""
        imap = self.login(user)
        if imap.select(mailbox, readonly=True)[0] != "OK":
            imap.logout()
            return []
        numbers = imap.search(None, "UNDELETED")[1][0].split()
        found = [imap.fetch(number, "(RFC822)")[1][0][1] for number in numbers]
        imap.logout()
        return found

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postfix:
    """An instance with a queue of its own that listens on `port` for mail from loopback. `main` are lines
    of main.cf; `transports` lines of master.cf. Its log is a file."""

    def __init__(self, main="", transports=""):
        self.folder = tempfile.mkdtemp(prefix="broadsheet-postfix-")
        os.chmod(self.folder, 0o755)
        self.port = harness.free_port()
        config = pathlib.Path(self.folder) / "etc"
        for name in ("etc", "spool", "data"):
            (pathlib.Path(self.folder) / name).mkdir()
        shutil.chown(f"{self.folder}/data", "postfix")
        (config / "master.cf").write_text(f"""
127.0.0.1:{self.port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
{transports}
""")
        (config / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {self.folder}/spool
data_directory = {self.folder}/data
maillog_file = {self.folder}/maillog
maillog_file_prefixes = {self.folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.courier.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtp_host_lookup = native
biff = no
export_environment = TZ
{main}
""")
        self._run("postfix", "-c", str(config), "start")
        wait_for(lambda: accepts(self.port), f"Postfix answers: {self.said()}")

    def _run(self, *command, check=True):
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}{self.said()}")
        return done

    def said(self):
        log = pathlib.Path(self.folder) / "maillog"
        return log.read_text(errors="replace")[-4000:] if log.exists() else ""

    def queue(self):
        """How many messages wait."""
        listed = self._run("postqueue", "-c", f"{self.folder}/etc", "-j", check=False).stdout
        return sum(1 for line in listed.splitlines() if line.strip())

    def flush(self):
        self._run("postqueue", "-c", f"{self.folder}/etc", "-f")

    def close(self):
        self._run("postfix", "-c", f"{self.folder}/etc", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
