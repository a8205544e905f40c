#!/usr/bin/python3
"""Self-test of scripts/tidy.py: each check must fire on a tiny bad tree and stay silent on its good twin."""
import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True  # the tree stays as it is
TIDY = Path(__file__).resolve().parent.parent / "scripts" / "tidy.py"
TO_DO = "TO" + "DO"  # the words themselves must not stand in the tree


def tidy(files):
    """Runs tidy.py over a tree of {path: text}; returns (exit code, lines of output)."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            target = Path(root, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        run = subprocess.run(
            [sys.executable, str(TIDY), root], capture_output=True, text=True, check=False, timeout=30
        )
        return run.returncode, (run.stdout + run.stderr).splitlines()


def function_of(lines):
    return "int f(int a) {\n" + "  ++a;\n" * (lines - 2) + "}\n"


class TidyTest(unittest.TestCase):
    def fires(self, path, text, line, fragment, **others):
        code, output = tidy({path: text, **others})
        self.assertEqual(code, 1, output)
        self.assertEqual(len(output), 1, output)
        self.assertTrue(output[0].startswith(f"{path}:{line}: "), output)
        self.assertIn(fragment, output[0])

    def silent(self, path, text):
        self.assertEqual(tidy({path: text}), (0, []))

    def include(self, path, name):
        return path, f"// why\n#include {name}\n"

    # Layers

    def test_layers_include_downwards_only(self):
        for path, name in [
            ("model/a.cpp", '"rules/rule.hpp"'),
            ("rules/a.cpp", '"protocol/transport.hpp"'),
            ("protocol/net/a.cpp", '"persistence/store.hpp"'),
            ("persistence/a.cpp", '"protocol/transport.hpp"'),
            ("simulator/a.cpp", '"rules/rule.hpp"'),
            ("actors/a.cpp", '"simulator/gateway.hpp"'),
            ("actors/a.cpp", '"cli/output.hpp"'),
        ]:
            with self.subTest(path=path, name=name):
                self.fires(*self.include(path, name), 2, "may not include")

    def test_layers_may_include_what_lies_below(self):
        for path, name in [
            ("rules/a.cpp", '"model/money.hpp"'),
            ("simulator/a.cpp", '"protocol/transport.hpp"'),
            ("actors/a.cpp", '"persistence/store.hpp"'),
            ("cli/a.cpp", '"simulator/gateway.hpp"'),
            ("tests/actors/a_test.cpp", '"tests/support/clock.hpp"'),
        ]:
            with self.subTest(path=path, name=name):
                self.silent(*self.include(path, name))

    def test_include_paths_start_at_the_root(self):
        self.fires(*self.include("model/a.cpp", '"money.hpp"'), 2, "starts at the root")
        self.fires(*self.include("model/a.cpp", '"../model/money.hpp"'), 2, "starts at the root")

    # Third-party headers

    def test_third_party_headers_stay_in_their_place(self):
        for bad, good, name in [
            ("persistence/store.cpp", "persistence/lmdb.cpp", "<lmdb.h>"),
            ("cli/main.cpp", "cli/config_loader.cpp", "<yaml-cpp/yaml.h>"),
            ("rules/a.cpp", "actors/a.cpp", "<caf/all.hpp>"),
            ("protocol/signalr/a.cpp", "protocol/net/a.cpp", "<boost/beast/core.hpp>"),
            ("actors/account.cpp", "actors/runtime.cpp", "<boost/asio.hpp>"),
            ("model/time.cpp", "model/trading_calendar.cpp", "<date/tz.h>"),
            ("actors/a.cpp", "protocol/projectx/a.cpp", "<simdjson.h>"),
            ("model/a.cpp", "persistence/a.cpp", "<sodium.h>"),
            ("protocol/a.cpp", "actors/a.cpp", "<spdlog/spdlog.h>"),
            ("actors/a.cpp", "cli/a.cpp", "<CLI/CLI.hpp>"),
        ]:
            with self.subTest(name=name):
                self.fires(*self.include(bad, name), 2, "may be included by")
                self.silent(*self.include(good, name))

    # Lengths

    def test_long_files_fail(self):
        self.silent("model/a.cpp", "// line\n" * 200)
        self.fires("model/a.cpp", "// line\n" * 201, 201, "file of 201 lines")
        self.silent("tests/model/a_test.cpp", "// line\n" * 300)
        self.fires("tests/model/a_test.cpp", "// line\n" * 301, 301, "file of 301 lines")
        self.fires("scripts/x", "#!/bin/sh\n" + "# line\n" * 200, 201, "file of 201 lines")

    def test_long_functions_fail_and_middling_ones_warn(self):
        self.silent("model/a.cpp", function_of(50))
        self.fires("model/a.cpp", "\n" + function_of(71), 2, "function of 71 lines")
        code, output = tidy({"model/a.cpp": function_of(51)})
        self.assertEqual(code, 0)
        self.assertEqual(output, ["model/a.cpp:1: warning: function of 51 lines, aim at 50"])

    def test_functions_are_found_inside_classes_and_namespaces(self):
        wrapped = "namespace n {\nclass A {\npublic:\n" + function_of(71) + "};\n}\n"
        self.fires("model/a.cpp", wrapped, 4, "function of 71 lines")
        self.fires("model/a.cpp", "template <class T>\n" + function_of(70), 1, "function of 71 lines")

    def test_braces_in_literals_and_long_classes_are_no_functions(self):
        self.silent("model/a.cpp", "class A {\n" + "  int f() { return '{' + 1'000; }\n" * 100 + "};\n")
        self.silent("model/a.cpp", 'int f() { return g("}{{", R"x({{)x"); } // {{\n' * 100)

    # Banned code

    def test_unfinished_work_is_found(self):
        self.fires("docs/a.md", f"one\n{TO_DO}: more\n", 2, "unfinished")
        self.fires("model/a.cpp", f"// {'FIX' + 'ME'}\n", 1, "unfinished")

    def test_catch_all_is_found(self):
        self.fires("model/a.cpp", "int f() try {\n} catch (...) {}\n", 2, "catch (...)")
        self.silent("model/a.cpp", "// why no catch (...) here\n")

    def test_catch_all_is_accepted_at_listed_thread_edges(self):
        spec = importlib.util.spec_from_file_location("tidy", TIDY)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        code = "} catch (...) {}\n"
        self.assertEqual(len(list(module.check_cpp("actors/a.cpp", code, code))), 1)
        module.THREAD_EDGES["actors/a.cpp"] = "the thread ends here"
        self.assertEqual(list(module.check_cpp("actors/a.cpp", code, code)), [])

    def test_other_banned_code_is_found(self):
        self.fires("model/a.cpp", "using namespace date;\n", 1, "date")
        self.fires("actors/a.cpp", "auto& out = std::cout;\n", 1, "std::cout")
        self.silent("cli/a.cpp", "auto& out = std::cout;\n")
        self.fires("tests/model/a_test.cpp", "using std::this_thread::sleep_for;\n", 1, "sleeping")
        self.silent("tests/support/a.cpp", "using std::this_thread::sleep_for;\n")

    def test_floating_point_is_kept_from_money(self):
        for folder in ("model", "rules", "protocol/projectx"):
            self.fires(f"{folder}/a.cpp", "\ndouble x = 0;\n", 2, "floating point")
        self.silent("model/a.cpp", "double x = 0; // tidy: not money\n// never a double\n")
        self.silent("protocol/net/a.cpp", "double x = 0;\n")

    def test_invisible_characters_are_found(self):
        for character in ("\x07", "\x1e", "\r", "\x85", "\u200b", "\u202e"):
            with self.subTest(character=repr(character)):
                self.fires("docs/a.md", f"fine\nbad{character}\n", 2, "invisible")
        self.silent("docs/a.md", "tab\tand “quotes”, × ≤ µ\n")

    # Everything else

    def test_registry_hosts_are_found(self):
        for host in ("deb." + "debian.org", "registry." + "npmjs.org", "pypi." + "org"):
            self.fires("docs/a.md", f"\n\nfrom https://{host}/x\n", 3, "registry")

    def test_headers_need_pragma_once(self):
        self.fires("model/a.hpp", "int f();\n", 1, "#pragma once")
        self.silent("model/a.hpp", "#pragma once\nint f();\n")

    def test_a_listed_rule_is_whole(self):
        whole = {
            "rules/rule_list.inc": "// RULE(comment)\nBULKHEAD_RULE(max_contracts)\n",
            "rules/max_contracts.cpp": "\n",
            "tests/rules/max_contracts_test.cpp": "\n",
            "config/risk_config.yaml": "rules:\n  max_contracts:\n    limit: 2\n",
        }
        self.assertEqual(tidy(whole), (0, []))
        for path in list(whole)[1:]:
            code, output = tidy({**whole, path + ".moved": "\n", path: ""} if path.endswith(".yaml")
                                else {name: text for name, text in whole.items() if name != path})
            self.assertEqual((code, len(output)), (1, 1), output)
            self.assertIn("rules/rule_list.inc:2: rule max_contracts has no ", output[0])

    def test_lock_files_name_no_place(self):
        self.fires("tests/x/package-lock.json", '{\n"resolved": "x"\n}\n', 2, "lock file")

    def test_ignored_files_of_a_repository_are_left_alone(self):
        with tempfile.TemporaryDirectory() as root:
            environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "HOME": root}
            subprocess.run(["git", "init", "-q", root], check=True, env=environment)
            Path(root, ".gitignore").write_text("/out/\n")
            Path(root, "out").mkdir()
            Path(root, "out", "a.hpp").write_text("\n")
            Path(root, "b.hpp").write_text("\n")
            run = subprocess.run([sys.executable, str(TIDY), root], capture_output=True, text=True, check=False)
            self.assertEqual(run.stdout, "b.hpp:1: header without #pragma once\n", run.stderr)


if __name__ == "__main__":
    unittest.main()
