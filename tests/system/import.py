# SPDX-License-Identifier: Apache-2.0
"""`broadsheet import` as its user sees it: twice changes nothing, a bad file doesn't stop the
others, nothing outside the folder is read, and the exit status says so. Usage: import.py BINARY"""

import os
import shutil
import subprocess
import sys
import tempfile

BINARY = os.path.abspath(sys.argv[1])


def run(folder, *arguments):
    done = subprocess.run([BINARY, "-C", folder, *arguments], capture_output=True, text=True, timeout=100)
    return done.returncode, done.stdout, done.stderr


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


FOUND = """Ferry sails again
The ferry left on Monday.
Sign up to The Courier's newsletters.
By continuing you agree to our Terms and Privacy Policy.Nobody missed it, the owner said.
"""


def check(truth, what, *details):
    if not truth:
        print("FAILED:", what, *details, sep="\n")
        sys.exit(1)


def main():
    work = tempfile.mkdtemp(prefix="broadsheet-import-")
    try:
        paper = os.path.join(work, "paper")
        stories = os.path.join(work, "stories")
        code, out, err = run(paper, "init")
        check(code == 0, "init", out, err)
        write(stories + "/a.txt", FOUND)
        write(stories + "/deep/b.md", "---\ntitle: Two\nsection: City\n---\nText of two.\n")
        code, out, err = run(paper, "import", "--publish", stories)
        check(code == 0 and "2 created, 0 updated, 0 unchanged, 0 failed" in out, "first import", out, err)
        check("a.txt:3: left out: Sign up to" in err, "furniture is told with its line", err)
        check("a.txt:4: left out: By continuing" in err, "consent is told with its line", err)
        code, out, err = run(paper, "import", "--publish", stories)
        check(code == 0 and "0 created, 0 updated, 2 unchanged" in out, "second import", out, err)
        write(stories + "/a.txt", FOUND.replace("Monday", "Tuesday"))
        code, out, err = run(paper, "import", stories)
        check(code == 0 and "0 created, 1 updated, 1 unchanged" in out, "a changed file", out, err)

        write(work + "/secret.md", "---\ntitle: Secret\n---\nNot yours.\n")
        hostile = os.path.join(work, "hostile")
        write(hostile + "/good.md", "---\ntitle: Good\n---\nGood text.\n")
        write(hostile + "/latin.txt", b"Headline\nGood line\nbad \xff line\n")
        write(hostile + "/bomb.md", "---\ntitle: Bomb\n---\n" + ">" * 10000 + " boo\n")
        write(hostile + "/date.md", "---\ntitle: Date\ndate: yesterday\n---\nText.\n")
        write(hostile + "/cut.xml", '<?xml version="1.0"?>\n<rss><channel><item><title>Cut')
        write(hostile + "/liar.md", "---\ntitle: Liar\nimage: liar.jpg\n---\nText.\n")
        write(hostile + "/liar.jpg", "<svg onload=alert(1)>")
        write(hostile + "/climber.md", "---\ntitle: Climber\nimage: ../secret.md\n---\nText.\n")
        os.symlink(work + "/secret.md", hostile + "/link.md")
        with open(hostile + "/huge.txt", "wb") as file:
            file.truncate(200 << 20)
        code, out, err = run(paper, "import", "--publish", hostile)
        check(code == 1, "exit status of a folder with bad files", code, out, err)
        check("1 created, 0 updated, 0 unchanged, 7 failed" in out, "the rest goes on", out, err)
        for told in ("latin.txt:3: ", "bomb.md:4: ", "date.md:3: ", "cut.xml:2: ", "liar.md:3: ", "climber.md:3: ", "huge.txt: "):
            check(told in err, "told: " + told, err)
        code, out, err = run(paper, "list")
        for absent in ("Liar", "Secret", "Climber", "Bomb"):
            check(absent not in out, "not taken in: " + absent, out)
        code, out, err = run(paper, "import", "--dry-run", stories + "/deep/b.md")
        check(code == 0 and "nothing was written" in out, "dry run", out, err)
        code, out, err = run(paper, "import", work + "/absent.md")
        check(code == 1 and "absent.md" in err, "a file that isn't there", out, err)
        code, out, err = run(paper, "import")
        check(code == 2, "no file is misuse", code, err)
    finally:
        shutil.rmtree(work, ignore_errors=True)


main()
