#!/usr/bin/python3
"""What gets installed: the files where Debian wants them, and completions that know the program's commands.

usage: install_test.py BULKHEAD_BINARY BUILD_DIRECTORY [unittest arguments]
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BULKHEAD = BUILD = ""


def output(*words, **options):
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=120, **options).stdout


class Install(unittest.TestCase):
    def test_puts_everything_in_its_place(self):
        with tempfile.TemporaryDirectory() as directory:
            output("cmake", "--install", BUILD, "--prefix", directory)
            there = {str(p.relative_to(directory)) for p in Path(directory).rglob("*") if p.is_file()}
        for file in ("bin/bulkhead", "lib/systemd/system/bulkhead.service", "lib/sysusers.d/bulkhead.conf",
                     "share/bash-completion/completions/bulkhead", "share/zsh/vendor-completions/_bulkhead",
                     "share/fish/vendor_completions.d/bulkhead.fish",
                     "share/man/man1/bulkhead.1", "share/doc/bulkhead/examples/risk_config.yaml"):
            self.assertIn(file, there)

    def test_version_names_commit_and_zone_data(self):
        self.assertRegex(output(BULKHEAD, "--version"), r"^bulkhead \d+\.\d+\.\d+ \(commit \w+, tzdata \w+\)$")

    def test_completion_offers_commands_subcommands_and_options(self):
        script = Path(__file__).parents[2] / "packaging" / "bulkhead.bash"
        with tempfile.TemporaryDirectory() as directory:
            (Path(directory) / "bulkhead").symlink_to(BULKHEAD)

            def offered(*words):
                quoted = " ".join(f"'{word}'" for word in words)
                return output("bash", "-c", f"source '{script}'; COMP_WORDS=(bulkhead {quoted}); COMP_CWORD={len(words)};"
                              "_bulkhead; printf '%s\\n' \"${COMPREPLY[@]}\"",
                              env={**os.environ, "PATH": directory + ":" + os.environ["PATH"]}).split()

            self.assertEqual(offered("fla"), ["flatten"])
            self.assertLessEqual({"run", "status", "watch", "block", "config"}, set(offered("")))
            self.assertEqual(sorted(offered("config", "")), ["get", "reload", "validate"])
            self.assertEqual(offered("flatten", "--con"), ["--contract"])

    @unittest.skipUnless(shutil.which("fish"), "no fish here")
    def test_fish_offers_the_same(self):
        script = Path(__file__).parents[2] / "packaging" / "bulkhead.fish"
        with tempfile.TemporaryDirectory() as directory:
            (Path(directory) / "bulkhead").symlink_to(BULKHEAD)

            def offered(line):
                lines = output("fish", "--no-config", "-c", f"source '{script}'; complete -C '{line}'",
                               env={**os.environ, "PATH": directory + ":" + os.environ["PATH"]}).splitlines()
                return sorted(line.split("\t")[0] for line in lines)

            self.assertEqual(offered("bulkhead fla"), ["flatten"])
            self.assertEqual(offered("bulkhead config "), ["get", "reload", "validate"])
            self.assertEqual(offered("bulkhead flatten --con"), ["--contract"])
            self.assertEqual(offered("bulkhead logs --level E"), ["ERROR"])

    @unittest.skipUnless(shutil.which("dpkg-deb"), "no Debian here")
    def test_the_package_holds_a_program_that_runs_and_a_unit_that_is_shut_tight(self):
        with tempfile.TemporaryDirectory() as directory:
            output("cpack", "-G", "DEB", "--config", str(Path(BUILD) / "CPackConfig.cmake"), "-B", directory)
            (package,) = Path(directory).glob("bulkhead_*.deb")
            depends = output("dpkg-deb", "--field", str(package), "Depends")
            for name in ("libcaf-core", "liblmdb0", "tzdata"):
                self.assertIn(name, depends)
            root = Path(directory) / "root"
            output("dpkg-deb", "--extract", str(package), str(root))
            self.assertEqual(output(str(root / "usr/bin/bulkhead"), "--version"), output(BULKHEAD, "--version"))
            unit = root / "usr/lib/systemd/system/bulkhead.service"
            self.assertTrue(unit.exists())
            if shutil.which("systemd-analyze"):
                output("systemd-analyze", "security", "--offline=true", "--threshold=30", str(unit)) # 3.0 of 10

    def test_the_manual_knows_every_command(self):
        manual = (Path(__file__).parents[2] / "packaging" / "bulkhead.1").read_text()
        commands = re.findall(r"^  ([a-z]+) ", output(BULKHEAD, "--help").split("Subcommands:")[1], re.M)
        self.assertGreater(len(commands), 20)
        for command in commands:
            self.assertRegex(manual, rf"\b{command}\b", command)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd here")
    def test_systemd_accepts_the_unit(self):
        unit = Path(__file__).parents[2] / "packaging" / "bulkhead.service"
        with tempfile.TemporaryDirectory() as directory:
            copy = Path(directory) / "bulkhead.service"
            copy.write_text(unit.read_text().replace("/usr/bin/bulkhead", BULKHEAD))
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True,
                                  check=False, timeout=60)
            complaints = [line for line in done.stderr.splitlines() if "bulkhead.service" in line]
            self.assertEqual(complaints, [])


if __name__ == "__main__":
    BULKHEAD, BUILD = os.path.abspath(sys.argv.pop(1)), os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
