#!/usr/bin/python3
"""Which branches of model/ and rules/ the tests take.

usage: coverage.py BUILD COUNTING
BUILD holds the test programs; COUNTING the two layers compiled with --coverage. The programs are linked again with
these, run, and read with gcovr. Prints every branch that was never taken as file:line: how many of how many: the line.
Exit code 1 when fewer than 95 of 100 branches are taken. Throwing and unreachable branches do not count,
nor those of comparisons that the compiler writes (= default).
"""
import json, subprocess, sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "mutation"))
from mutate import LAYERS, ROOT, TESTS, link_of  # noqa: E402

WANTED = 95
OTHERS = ("persistence_tests", "actors_tests")  # they keep states and ask groups


def run_tests(build, counting):
    for old in counting.rglob("*.gcda"):
        old.unlink()
    for test in (*TESTS, *OTHERS):
        command, program = link_of(build, test), counting / test
        for layer in LAYERS:
            library = f"{layer}/libbulkhead_{layer}.a"
            command = [str(counting / library) if part == library else part for part in command]
        command[command.index("-o") + 1] = str(program)
        subprocess.run([*command, "--coverage"], cwd=build, check=True)
        subprocess.run([program, "--gtest_brief=1"], cwd=build, check=True)


def main():
    build, counting = (Path(argument).resolve() for argument in sys.argv[1:3])
    run_tests(build, counting)
    result = subprocess.run(
        ["gcovr", "--root", ROOT, "--object-directory", counting, "--filter", "model/", "--filter", "rules/",
         "--exclude-throw-branches", "--exclude-unreachable-branches", "--json", "-"],
        cwd=ROOT, capture_output=True, check=True)
    taken = known = 0
    for entry in sorted(json.loads(result.stdout)["files"], key=lambda one: one["file"]):
        text = (ROOT / entry["file"]).read_text().splitlines()
        for line in entry["lines"]:
            if text[line["line_number"] - 1].rstrip().endswith("= default;"):
                continue
            branches = [branch["count"] > 0 for branch in line["branches"] if not branch.get("throw")]
            taken, known = taken + sum(branches), known + len(branches)
            if not all(branches):
                place = f"{entry['file']}:{line['line_number']}"
                code = text[line["line_number"] - 1].strip()
                print(f"{place}: {branches.count(False)} of {len(branches)}: {code}")
    enough = 100 * taken >= WANTED * known > 0
    print(f"{'clean: ' if enough else ''}{taken} of {known} branches taken, {taken / max(1, known):.1%}")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
