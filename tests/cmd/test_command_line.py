#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line as a whole: the table, its help, what is refused and with what words."""
import shutil
import subprocess
import sys
import tempfile
import unittest

BINARY = sys.argv.pop(1)


def run(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60)


def commands():
    lines = run("--help").stdout.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    return [line.split()[0] for line in lines]


class CommandLine(unittest.TestCase):
    def test_every_command_has_help_of_both_forms(self):
        self.assertGreater(len(commands()), 0)
        for name in commands():
            short, long = run(name, "--help"), run("help", name)
            self.assertEqual((short.returncode, short.stderr), (0, ""), name)
            self.assertEqual(short.stdout, long.stdout)
            self.assertTrue(short.stdout.startswith(f"broadsheet {name} - "), short.stdout)

    def test_version(self):
        answer = run("--version")
        self.assertRegex(answer.stdout, r"^broadsheet \d+\.\d+\.\d+\n$")
        self.assertEqual(answer.returncode, 0)

    def test_refusals_say_what_and_how_to_mend(self):
        for arguments, words in [
            ([], "Commands:"),
            (["hlep"], "did you mean 'help'?"),
            (["frobnicate"], "there is no command 'frobnicate'"),
            (["help", "--mann"], "did you mean '--man'?"),
            (["help", "--man=x"], "there is no option '--man=x'"),
            (["help", "-x"], "there is no option '-x'"),
            (["help", "one", "two"], "'two' is one word too many"),
            (["help", "nothing"], "there is no command 'nothing'"),
            (["-C"], "wants the newspaper's folder"),
            (["--frob", "help"], "no option that may stand before"),
        ]:
            answer = run(*arguments)
            self.assertEqual(answer.returncode, 2, arguments)
            self.assertIn(words, answer.stdout + answer.stderr, arguments)

    def test_folder_before_and_after_the_command(self):
        for arguments in [["-C", "/nowhere", "help"], ["-C/nowhere", "help"], ["help", "-C", "/nowhere"], ["help", "--directory=/nowhere"]]:
            self.assertEqual(run(*arguments).returncode, 0, arguments)

    def test_manual_page_is_clean_roff_and_names_every_command(self):
        page = run("help", "--man").stdout
        for name in commands():
            self.assertIn(f".SS {name}".replace("-", "\\-"), page)
        if shutil.which("groff") is None:
            self.fail("groff is missing: apt-get install groff")
        with tempfile.NamedTemporaryFile("w", suffix=".1", encoding="utf-8") as file:
            file.write(page)
            file.flush()
            checked = subprocess.run(["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z", file.name], capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
