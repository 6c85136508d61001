# SPDX-License-Identifier: Apache-2.0
"""What the system tests share: a newspaper in a temporary folder with a real server, and a private
PostgreSQL. Python's standard library only."""
import glob
import html.parser
import http.client
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

START_SECONDS = 60  # a sanitized build on a busy machine


def environment(extra=None):
    """Ours, without what would configure the newspaper from outside."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("BROADSHEET_")}
    # An edition made in the background would change pages that a test compares.
    return {**kept, "BROADSHEET_EDITION_MAKE": "false", **(extra or {})}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode("utf-8")


class Paper:
    """A newspaper's folder, and its server while it runs."""

    def __init__(self, binary, folder, extra=None):
        self.binary, self.folder = os.path.abspath(binary), str(folder)
        self.environment = environment(extra)
        self.process, self.port, self.log = None, None, None

    def run(self, *arguments, timeout=300):
        return subprocess.run([self.binary, "-C", self.folder, *map(str, arguments)], env=self.environment,
                              capture_output=True, text=True, timeout=timeout)

    def do(self, *arguments, timeout=300):
        done = self.run(*arguments, timeout=timeout)
        if done.returncode != 0:
            raise AssertionError(f"broadsheet {' '.join(map(str, arguments))} gave {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self, port=0, command="serve"):
        """Starts the server and waits until it says its address."""
        self.log = open(self.folder.rstrip("/") + ".log", "a+b")
        self.process = subprocess.Popen([self.binary, "-C", self.folder, command, "--port", str(port)], env=self.environment,
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        started = time.monotonic()
        for line in self.process.stdout:
            if line.strip().startswith("http://"):
                self.port = urllib.parse.urlsplit(line.strip()).port
                return time.monotonic() - started
        self.process.wait()
        raise AssertionError(f"the server did not start ({self.process.returncode}):\n{self.said()}")

    def said(self):
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def stop(self, with_signal=signal.SIGTERM, seconds=20):
        """Gives the seconds that stopping took; the exit status must be 0."""
        started = time.monotonic()
        self.process.send_signal(with_signal)
        status = self.process.wait(timeout=seconds)
        self._close()
        if status != 0:
            raise AssertionError(f"the server ended with {status}:\n{self.said()}")
        return time.monotonic() - started

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self._close()

    def _close(self):
        self.process.stdout.close()
        self.log.close()
        self.process = None

    def get(self, path, headers=None, method="GET", timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, headers=headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def story(self, name, headline, body="One paragraph.", **front_matter):
        """Writes a Markdown file beside the newspaper's folder and gives its path."""
        path = pathlib.Path(self.folder + ".stories") / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        lines = "".join(f"{k}: {v}\n" for k, v in {"headline": headline, "section": "Town", **front_matter}.items())
        path.write_text(f"---\n{lines}---\n{body}\n", encoding="utf-8")
        return path

    def ids(self, *arguments):
        return [int(line.split()[0]) for line in self.do("list", "--limit", 100000, *arguments).splitlines()]

    def crawl(self, most=2000):
        """Every page that can be reached from the front page: path -> (status, type, bytes)."""
        waiting, found = ["/", "/robots.txt", "/sitemap.xml"], {}
        while waiting and len(found) < most:
            path = waiting.pop(0)
            if path in found:
                continue
            answer = self.get(path)
            kind = (answer.headers.get("Content-Type") or "").split(";")[0]
            found[path] = (answer.status, kind, answer.body)
            if kind == "text/html":
                waiting.extend(p for p in Links(path, answer.text).paths if p not in found)
        return found


class Links(html.parser.HTMLParser):
    """The paths of the same newspaper that a page names."""

    def __init__(self, base, text):
        super().__init__()
        self.base, self.paths = base, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value:
                target = urllib.parse.urlsplit(urllib.parse.urljoin("http://localhost" + self.base, value))
                if target.scheme == "http" and target.hostname == "localhost":
                    self.paths.append(target.path + (f"?{target.query}" if target.query else ""))


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Postgres:
    """A private PostgreSQL server in a temporary folder, reached by a socket in it. PostgreSQL refuses to run as
    root, so then it runs as the user postgres (or nobody)."""

    def __init__(self, settings=("shared_buffers=32MB",)):
        self.settings = settings
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
        if not found:
            raise AssertionError("PostgreSQL is missing: apt-get install postgresql")
        self.bin = os.path.dirname(found[-1])
        self.folder = tempfile.mkdtemp(prefix="broadsheet-pg-")
        self.data = self.folder + "/data"
        self.user = None
        if os.geteuid() == 0:
            names = [p.pw_name for p in pwd.getpwall()]
            self.user = "postgres" if "postgres" in names else "nobody"
            shutil.chown(self.folder, self.user)
        os.chmod(self.folder, 0o755)
        self._run("initdb", "-D", self.data, "-U", "paper", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()

    def _run(self, program, *arguments, check=True):
        command = [f"{self.bin}/{program}", *arguments]
        if self.user:
            command = ["setpriv", "--reuid", self.user, "--regid", str(pwd.getpwnam(self.user).pw_gid), "--clear-groups", *command]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
        if check and done.returncode != 0:
            raise AssertionError(f"{program}: {done.stdout}{done.stderr}")
        return done

    def start(self):
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60 " + " ".join(f"-c {s}" for s in self.settings)
        self._run("pg_ctl", "-D", self.data, "-l", self.folder + "/log", "-w", "-t", "60", "-o", options, "start")

    def stop(self, mode="immediate"):
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False)

    def database(self, name):
        """Makes a database; gives its address."""
        self._run("createdb", "-h", self.folder, "-U", "paper", name)
        return f"host={self.folder} user=paper dbname={name}"

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def on_postgres(address):
    return {"BROADSHEET_DATABASE_ADDRESS": address}
