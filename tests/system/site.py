#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The newspaper as readers get it: the real binary serves the sample paper, and this test walks through it.

usage: site.py BINARY            crawl: every link answers, feeds, sitemaps and JSON-LD parse, and HTTP holds
       site.py BINARY --html     every page that the crawl finds is valid HTML (W3C's validator; exit 77 without it)

Covers what the handlers' own tests can't: theme, server and store together. Needs no network.
"""
import ctypes
import ctypes.util
import email
import email.policy
import gzip
import html.parser
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

BINARY = ""
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MOST_PAGES = 1500
MOST_PICTURES = 40  # a sanitized decoder is slow; tests/system has the pictures' own tests
STORY = re.compile(r"^/[^/?]+/[^/?]+-c-(\d+)$")
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


class Paper:
    """`broadsheet demo` on a free port, in a folder of its own."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="broadsheet-site-")
        self.paper = os.path.join(self.folder, "paper")
        self.errors = open(os.path.join(self.folder, "stderr"), "w+b")
        self.process = subprocess.Popen([BINARY, "-C", self.paper, "demo", "--port", "0"], stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True)
        self.port = None
        self.base = None
        found = threading.Event()
        threading.Thread(target=self.read_output, args=(found,), daemon=True).start()
        if not found.wait(timeout=240) or self.port is None:
            raise RuntimeError("the demo did not start:\n" + self.log())
        robots = self.get("/robots.txt").body.decode()
        self.base = re.search(r"^Sitemap: (\S+)/sitemap\.xml$", robots, re.M).group(1)

    def read_output(self, found):
        for line in self.process.stdout:
            url = re.search(r"http://[^/\s]+:(\d+)", line)
            if url and not found.is_set():
                self.port = int(url.group(1))
                found.set()
        found.set()

    def log(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")[-4000:]

    def run(self, *arguments):
        done = subprocess.run([BINARY, "-C", self.paper, *arguments], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError("%s: %s%s" % (arguments, done.stdout, done.stderr))
        return done.stdout

    def get(self, path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            response = connection.getresponse()
            response.body = response.read()
            return response
        finally:
            connection.close()

    def path_of(self, url):
        """The path and query of one of our own addresses, or None."""
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("", "http", "https"):
            return None
        if parts.netloc and not url.startswith(self.base + "/") and url != self.base:
            return None
        return urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        log = self.log()
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return status, log


class Page(html.parser.HTMLParser):
    """The links, pictures and JSON-LD of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.links, self.anchors, self.pictures, self.json, self.in_json = [], [], [], [], False
        self.canonical, self.text = None, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag in ("a", "link", "area") and named.get("href"):
            self.links.append(named["href"])
            if tag == "a":
                self.anchors.append(named["href"])
            if tag == "link" and named.get("rel") == "canonical":
                self.canonical = named["href"]
        if tag in ("img", "source"):
            if named.get("src"):
                self.pictures.append(named["src"])
            for candidate in (named.get("srcset") or "").split(", "):
                if candidate.strip():
                    self.pictures.append(candidate.split()[0])
        if tag == "meta" and named.get("property") == "og:image":
            self.pictures.append(named["content"])
        if tag in ("script", "form"):
            self.links += [named[name] for name in ("src", "action") if named.get(name)]
        self.in_json = tag == "script" and named.get("type") == "application/ld+json"

    def handle_data(self, data):
        if self.in_json:
            self.json.append(json.loads(data))
            self.in_json = False
        else:
            self.text.append(data)


def crawl(paper):
    """Walks every link from the front page and the sitemaps. Gives {path: response}, {path: Page}, pictures, wrong ones."""
    waiting, seen = ["/", "/robots.txt", "/sitemap.xml", "/manifest.webmanifest", "/favicon.ico"], {}
    pages, pictures, wrong = {}, [], []
    came_from = {}
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen:
            continue
        response = seen[path] = paper.get(path)
        if response.status not in (200, 301, 302):
            wrong.append("%s: %d (linked from %s)" % (path, response.status, came_from.get(path)))
            continue
        kind = response.headers.get_content_type()
        found = []
        if response.status in (301, 302):
            found = [response.headers["Location"]]
        elif kind == "text/html":
            page = pages[path] = Page(response.body.decode())
            found = page.links
            pictures += page.pictures
        elif path.startswith("/sitemap"):
            found = [element.text for element in ElementTree.fromstring(response.body).iter(SITEMAP + "loc")]
        for url in found:
            target = paper.path_of(urllib.parse.urljoin(paper.base + path, url))
            if target is not None and target not in seen and not target.startswith("/images/"):
                came_from.setdefault(target, path)
                waiting.append(target)
    return seen, pages, list(dict.fromkeys(pictures)), wrong


def brotli_decode(data):
    library = ctypes.CDLL(ctypes.util.find_library("brotlidec") or "libbrotlidec.so.1")
    size = ctypes.c_size_t(16 << 20)
    out = ctypes.create_string_buffer(size.value)
    if library.BrotliDecoderDecompress(ctypes.c_size_t(len(data)), data, ctypes.byref(size), out) != 1:
        raise ValueError("not brotli")
    return out.raw[:size.value]


class Site(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.paper = Paper()
        cls.seen, cls.pages, cls.pictures, cls.wrong = crawl(cls.paper)
        cls.stories = sorted({path for path in cls.pages if STORY.match(path)})

    @classmethod
    def tearDownClass(cls):
        status, log = cls.paper.stop()
        if status != 0:
            raise AssertionError("the server ended with %s:\n%s" % (status, log))

    def get(self, path, status=200, **headers):
        response = self.paper.get(path, **headers)
        self.assertEqual(response.status, status, path)
        return response

    def test_every_link_answers(self):
        self.assertEqual(self.wrong, [])
        self.assertGreater(len(self.pages), 40)
        self.assertGreaterEqual(len(self.stories), 24)

    def test_links_go_where_they_say(self):
        """A page links to canonical addresses: no link of ours is answered by a redirect."""
        moved = [path for path, response in self.seen.items() if response.status in (301, 302)]
        self.assertEqual(moved, [])
        for path, page in self.pages.items():
            if page.canonical and "print=1" not in path:
                self.assertEqual(page.canonical, self.paper.base + path)

    def test_front_shows_no_story_twice(self):
        links = [self.paper.path_of(link) for link in self.pages["/"].anchors]
        stories = [STORY.match(link).group(1) for link in links if link and STORY.match(link)]
        self.assertGreater(len(stories), 10)
        self.assertEqual(len(stories), len(set(stories)), stories)

    def test_pictures(self):
        self.assertGreater(len(self.pictures), 24)
        step = max(1, len(self.pictures) // MOST_PICTURES)
        for url in self.pictures[::step]:
            path = self.paper.path_of(urllib.parse.urljoin(self.paper.base, url))
            self.assertIsNotNone(path, url)
            response = self.get(path, Accept="image/jpeg")
            self.assertIn(response.headers.get_content_type(), ("image/jpeg", "image/png", "image/svg+xml"))

    def test_structured_data(self):
        for path in self.stories:
            kinds = {item.get("@type"): item for item in self.pages[path].json}
            article = kinds["NewsArticle"]
            self.assertLessEqual(len(article["headline"]), 110)
            for name in ("datePublished", "dateModified", "author", "publisher", "mainEntityOfPage", "inLanguage"):
                self.assertTrue(article.get(name), (path, name))
            self.assertEqual(article["url"], self.paper.base + path)
            self.assertGreaterEqual(article["dateModified"][:10], article["datePublished"][:10])
            for author in article["author"]:
                self.assertTrue(author["url"].startswith(self.paper.base), path)
            self.assertIn(len(article.get("image", [])), (0, 3))
        pictured = [path for path in self.stories if "image" in self.pages[path].json[0]]
        self.assertGreater(len(pictured), 12)
        for url in self.pages[pictured[0]].json[0]["image"]:
            self.get(self.paper.path_of(url), Accept="image/jpeg")

    def feeds(self, name):
        return {path: response.body for path, response in self.seen.items() if path.endswith(name)}

    def test_rss(self):
        feeds = self.feeds("/feed.xml")
        self.assertGreater(len(feeds), 6)
        for path, body in feeds.items():
            channel = ElementTree.fromstring(body).find("channel")
            link = channel.find(ATOM + "link")
            self.assertEqual(link.attrib["href"], self.paper.base + path)
            items = channel.findall("item")
            guids = [item.findtext("guid") for item in items]
            self.assertEqual(len(guids), len(set(guids)))
            for item in items:
                self.assertTrue(item.findtext("title") and item.findtext("pubDate") and item.findtext(CONTENT), path)
                self.assertEqual(self.paper.get(self.paper.path_of(item.findtext("link"))).status, 200)
                self.check_full_text(item.findtext(CONTENT))

    def check_full_text(self, text):
        page = Page(text)
        for url in page.links + page.pictures:
            self.assertRegex(url, r"^(https?://|mailto:|tel:)", "a relative address in a feed")

    def test_atom(self):
        for path in [name.replace("/feed.xml", "/atom.xml") for name in self.feeds("/feed.xml")]:
            feed = ElementTree.fromstring(self.get(path).body)
            self.assertTrue(feed.findtext(ATOM + "id") and feed.findtext(ATOM + "updated"))
            for entry in feed.findall(ATOM + "entry"):
                for name in ("id", "title", "updated", "published", "content"):
                    self.assertTrue(entry.findtext(ATOM + name), (path, name))
                self.assertTrue(entry.findtext(ATOM + "id").startswith("tag:"))

    def test_json_feed(self):
        for path in [name.replace("/feed.xml", "/feed.json") for name in self.feeds("/feed.xml")]:
            feed = json.loads(self.get(path).body)
            self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
            self.assertEqual(feed["feed_url"], self.paper.base + path)
            for item in feed["items"]:
                self.assertTrue(item["id"] and item["content_html"] and item["date_published"])

    def test_sitemaps_hold_every_story(self):
        listed = set()
        for path, response in self.seen.items():
            if path.startswith("/sitemap-") and "news" not in path:
                for element in ElementTree.fromstring(response.body).iter(SITEMAP + "loc"):
                    listed.add(self.paper.path_of(element.text))
        self.assertEqual(set(self.stories) - listed, set())
        news = ElementTree.fromstring(self.seen["/sitemap-news.xml"].body)
        for url in news.findall(SITEMAP + "url"):
            self.assertTrue(url.findtext("%snews/%spublication/%sname" % (NEWS, NEWS, NEWS)))
            self.assertIn(self.paper.path_of(url.findtext(SITEMAP + "loc")), self.stories)

    def test_encodings_are_the_same_page(self):
        for path in ("/", self.stories[0], "/feed.xml", "/sitemap.xml"):
            plain = self.get(path, Accept_Encoding="identity")
            zipped = self.get(path, Accept_Encoding="gzip")
            brotli = self.get(path, Accept_Encoding="br")
            self.assertEqual(zipped.headers["Content-Encoding"], "gzip", path)
            self.assertEqual(brotli.headers["Content-Encoding"], "br", path)
            self.assertEqual(gzip.decompress(zipped.body), plain.body)
            self.assertEqual(brotli_decode(brotli.body), plain.body)
            self.assertIn("accept-encoding", plain.headers["Vary"].lower())

    def test_not_modified(self):
        for path in ("/", self.stories[0], "/feed.json"):
            first = self.get(path)
            again = self.get(path, 304, If_None_Match=first.headers["ETag"])
            self.assertEqual(again.body, b"")
        story = self.get(self.stories[0])
        self.get(self.stories[0], 304, If_Modified_Since=story.headers["Last-Modified"])

    def test_head(self):
        for path in ("/", self.stories[0]):
            head = self.paper.get(path, method="HEAD")
            self.assertEqual((head.status, head.body), (200, b""))
            self.assertEqual(head.headers["Content-Length"], str(len(self.get(path).body)))

    def test_one_address_for_each_page(self):
        story = self.stories[0]
        number = STORY.match(story).group(1)
        section = "/" + story.split("/")[1]
        for asked, told in (("/%s/other-words-c-%s" % ("nowhere", number), story), (story + "?utm_source=x", story),
                            (section + "?page=1", section), (section + "/", section), ("/?x=1", "/"),
                            ("/latest/feed.xml", "/feed.xml")):
            response = self.get(asked, 301)
            self.assertEqual(self.paper.path_of(response.headers["Location"]), told, asked)

    def test_what_is_not_there(self):
        for path in ("/nowhere", "/nowhere/at-all", "/topic/nothing", "/author/nobody", "/world-c-0", "/a/b-c-999999",
                     "/latest?page=9999", "/latest?page=0", "/archive/1999", "/sitemap-9.xml", "/a/b/c/d/e", "/%ff%fe",
                     "//example.org/", "/search/feed.xml", "/assets/0/site.css"):
            response = self.paper.get(path)
            self.assertIn(response.status, (400, 404), path)
            self.assertNotIn("Location", response.headers)
        page = self.get("/nowhere", 404)
        self.assertEqual(page.headers.get_content_type(), "text/html")

    def test_search(self):
        headline = self.pages[self.stories[0]].json[0]["headline"]
        word = max(re.findall(r"\w+", headline), key=len)
        response = self.get("/search?q=" + urllib.parse.quote(word))
        self.assertIn(self.stories[0], Page(response.body.decode()).anchors)
        self.assertIn("noindex", response.headers["X-Robots-Tag"])
        hostile = self.get("/search?q=" + urllib.parse.quote("\"><script>alert(1)</script>"))
        self.assertNotIn(b"<script>alert", hostile.body)
        for words in ("*", "\"", "a OR", "NEAR(", "headline:x", "'); drop table story;--", "a" * 3000):
            self.get("/search?q=" + urllib.parse.quote(words))

    def test_printable(self):
        response = self.get(self.stories[0] + "?print=1")
        self.assertEqual(Page(response.body.decode()).canonical, self.paper.base + self.stories[0])

    def test_withdrawn_is_gone_at_once(self):
        story = self.stories[-1]
        self.get(story)
        self.paper.run("withdraw", STORY.match(story).group(1))
        for _ in range(100):
            if self.paper.get(story).status == 410:
                break
            time.sleep(0.1)
        self.get(story, 410)
        self.get(re.sub(r"/[^/]+-c-", "/x-c-", story), 410)
        self.assertNotIn(story.encode(), self.get("/latest").body)
        self.assertNotIn(story.encode(), self.get("/sitemap-1.xml").body)


def mails(paper):
    """The HTML of every kind of mail, by name: as the outbox has it, and in two more languages. Fails where one is
    too large for Gmail, lacks an alt text or a language, or leads to a place that is no whole address."""
    story = max(int(line.split()[0]) for line in paper.run("list", "--limit", "1000").splitlines())
    readers = os.path.join(paper.folder, "readers.csv")
    with open(readers, "w") as file:
        file.write("email,name\nanna@example.org,Anna\n")
    paper.run("setting", "mail_sender", "news@courier.example")
    paper.run("subscribers", "import", readers, "--newsletter", "daily", "--newsletter", "breaking", "--source", "a test")
    paper.run("mailing", "compose", "--now", "--introduction", "Two *things* and [a link](/latest).")
    paper.run("alert", str(story))
    paper.run("correct", str(story), "--wrong", "There were 40.", "--right", "There were 140.")
    paper.run("staff", "invite", "carl@example.org", "--name", "Carl")
    outbox = os.path.join(paper.paper, "outbox", "new")
    deadline = time.monotonic() + 120
    while not os.path.isdir(outbox) or len(os.listdir(outbox)) < 4:
        if time.monotonic() > deadline:
            raise RuntimeError("not every mail came: " + paper.run("mailing", "list") + paper.log())
        time.sleep(0.2)
    found = {}
    for name in os.listdir(outbox):
        with open(os.path.join(outbox, name), "rb") as file:
            message = email.message_from_binary_file(file, policy=email.policy.default)
        found["mail-%s.html" % re.sub(r"\W+", "-", message["Subject"])] = message.get_body(("html",)).get_content()
        if not message.get_body(("plain",)).get_content().strip():
            raise AssertionError("no text: %s" % message["Subject"])
    for language in ("de", "ar"):
        paper.run("setting", "language", language)
        for number in ("1", "2", "3"):
            found["mail-%s-%s.html" % (language, number)] = paper.run("mailing", "preview", number)
    paper.run("setting", "language", "en-GB")
    for name, text in found.items():
        wrong = [tag for tag in re.findall(r"<img[^>]*>", text) if ' alt="' not in tag]
        wrong += [to for to in re.findall(r'(?:href|src)="([^"]*)"', text) if not re.match("(https?|mailto):", to)]
        if wrong or not re.search(r'<html lang="[a-z]', text) or len(text.encode()) > 90 * 1024:
            raise AssertionError("%s: %d bytes, %s" % (name, len(text.encode()), wrong))
    return found


class Html(unittest.TestCase):
    def test_every_page_is_valid(self):
        paper = Paper()
        try:
            _, pages, _, _ = crawl(paper)
            folder = os.path.join(paper.folder, "html")
            os.mkdir(folder)
            # A page that is wrong proves that the validator looks at them at all.
            with open(os.path.join(folder, "wrong.html"), "w") as file:
                file.write("<!doctype html><title>x</title><p><div></p>")
            names = {}
            for number, path in enumerate([*pages, "/nowhere", "/search?q=the"]):
                name = os.path.join(folder, "%04d.html" % number)
                names[name] = path
                with open(name, "wb") as file:
                    file.write(paper.get(path).body)
            for name, text in mails(paper).items():
                names[os.path.join(folder, name)] = name
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            done = subprocess.run(["java", "-Xss4m", "-jar", validator(), "--format", "json", "--exit-zero-always", folder],
                                  capture_output=True, text=True, timeout=500)
            messages = json.loads(done.stderr)["messages"]
            wrong = ["%s:%s: %s" % (names.get(m.get("url", "").replace("file:", ""), m.get("url")), m.get("lastLine"),
                                    m["message"]) for m in messages if m["type"] == "error"]
            self.assertTrue([message for message in wrong if "wrong.html" in message], done.stderr[:500])
            wrong = [message for message in wrong if "wrong.html" not in message]
            self.assertEqual(wrong, [], "%d errors in %d pages" % (len(wrong), len(names)))
        finally:
            paper.stop()


def validator():
    places = [os.environ.get("BROADSHEET_VNU_JAR", "")]
    places.append(os.path.join(SOURCE, "build-check/npm/node_modules/vnu-jar/build/dist/vnu.jar"))
    return next((place for place in places if place and os.path.exists(place)), None)


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv[1])
    if subprocess.run([BINARY, "help", "demo"], capture_output=True).returncode != 0:
        print("%s has no command demo, so there is no sample paper to walk through" % BINARY)
        sys.exit(77)
    wanted = "Html" if "--html" in sys.argv else "Site"
    if wanted == "Html" and (validator() is None or shutil.which("java") is None):
        print("W3C's validator is not here: npm install --prefix build-check/npm vnu-jar, and Debian's default-jre-headless")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], wanted], verbosity=2)
