#!/usr/bin/python3
"""Changes one operator, constant or condition of model/ or rules/ at a time and looks whether the tests notice.

usage: mutate.py BUILD [--count N] [--seed N] [--only FILE] [--again LOG] [--tests A,B] [--list]
--again runs only those that an earlier run printed as survivors.
The test programs in BUILD are up to date: a mutant then costs one compiled file and the links of the programs it is
tried on, in which it comes before the libraries. Nothing in the tree is changed, and in BUILD only BUILD/mutant/.
The tests run in the order of the likeliest to notice and stop at the first failure; a crash and a run beyond its
time count as noticed. Exit code 1 when fewer than 85 of 100 mutants are killed, those aside that
tests/mutation/equivalent.txt lists with the reason why nobody could notice them.
"""
import argparse, json, os, random, re, shlex, signal, subprocess, sys, time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("model", "rules")
WANTED = 85
SWAPS = {"<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
         "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["/"], "+=": ["-="], "-=": ["+="]}
# clang-format puts a space on both sides of a binary operator, and on neither of a template's bracket.
OPERATOR = re.compile(r"(?<= )(<=|>=|==|!=|&&|\|\||\+=|-=|[<>+\-*/%])(?=[ \n])")
COUNTER = re.compile(r"\+\+|--(?!>)")
NUMBER = re.compile(r"(?<![\w.'])\d[\d']*(?![\w.'])")
TRUTH = re.compile(r"\b(true|false)\b")
BRANCH = re.compile(r"\b(if|while) \(")
HIDDEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"\(.*?\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|^[ \t]*#[^\n]*'
                    r"|static_assert\([^;]*;", re.S | re.M)


def condition_end(code, start):
    """The bracket that closes the one before `start`."""
    depth = 1
    for at in range(start, len(code)):
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        if depth == 0:
            return at
    return None


def sites_of(path):
    """(offset, old text, new text) of everything that can be changed in a file."""
    text = path.read_text()
    code = HIDDEN.sub(lambda match: re.sub(r"[^\n]", "\0", match.group(0)), text)
    for match in OPERATOR.finditer(code):
        for new in SWAPS[match.group(1)]:
            yield match.start(), match.group(1), new
    for match in COUNTER.finditer(code):
        yield match.start(), match.group(0), "--" if match.group(0) == "++" else "++"
    for match in NUMBER.finditer(code):
        value = int(match.group(0).replace("'", ""))
        yield match.start(), match.group(0), str(value + 1 if value != 1 else 0)
    for match in TRUTH.finditer(code):
        yield match.start(), match.group(1), "false" if match.group(1) == "true" else "true"
    for match in BRANCH.finditer(code):
        end = condition_end(code, match.end())
        head = text[match.end():end]
        if end is None or ";" in head:  # an if with an initializer
            continue
        if re.match(r"(const )?auto\b|const \w", head):  # declares what it tests
            continue
        yield match.end(), head, f"!({head})"


def all_sites():
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.cpp")):
            for offset, old, new in sites_of(path):
                yield path, offset, old, new


class Mutant:
    def __init__(self, path, offset, old, new):
        text = path.read_text()
        self.path, self.name = path, str(path.relative_to(ROOT))
        self.text = text[:offset] + new + text[offset + len(old):]
        self.line = text.count("\n", 0, offset) + 1
        start, end = text.rfind("\n", 0, offset) + 1, text.find("\n", offset + len(old))
        self.before = " ".join(text[start:end].split())
        self.after = " ".join(self.text[start:end + len(new) - len(old)].split())
        self.key = f"{self.name}: {self.before} -> {self.after}"

    def __str__(self):
        return f"{self.name}:{self.line}: {self.before}  ->  {self.after}"


TESTS = ("model_tests", "rules_tests", "examples_tests", "cli_tests", "differential_tests")


def link_of(build, test):
    """The command that links a test program, to be run in `build`."""
    commands = subprocess.run(["ninja", "-C", build, "-t", "commands", test], capture_output=True, text=True,
                              check=True).stdout.splitlines()
    line = next(line for line in reversed(commands) if f" -o {test} " in line)
    return shlex.split(next(part for part in line.split(" && ") if f" -o {test} " in part))


class Bench:
    """Compiles a mutant and runs the tests on it; one at a time."""

    def __init__(self, build, tests):
        self.build, self.place = build, build / "mutant"
        self.place.mkdir(exist_ok=True)
        entries = json.loads((build / "compile_commands.json").read_text())
        self.compiles = {entry["file"]: entry["command"] for entry in entries
                         if re.search(r"bulkhead_(model|rules)\.dir", entry["command"])}
        self.tests = tests
        self.links = {test: link_of(build, test) for test in tests}
        self.environment = {**os.environ, "GTEST_FAIL_FAST": "1", "GTEST_BRIEF": "1"}
        self.precompile()
        self.limits = {}
        for test in tests:
            started = time.monotonic()
            if not self.passes(build / test, 600):
                sys.exit(f"{test} fails without any mutant")
            self.limits[test] = 10 + 5 * (time.monotonic() - started)
            print(f"{test}: {time.monotonic() - started:.1f} s", flush=True)

    def passes(self, program, limit):
        arguments = [program, *(["--gtest_filter=*as_it_is*"] if program.name == "examples_tests" else [])]
        with subprocess.Popen(arguments, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              cwd=self.build, start_new_session=True) as process:
            try:
                return process.wait(limit) == 0
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return False

    def compile(self, like, source, made, *flags):
        """As `like` is compiled, but without optimisation, which costs more than it gives here."""
        command = shlex.split(self.compiles[str(like)])
        compiler = next(index for index, part in enumerate(command) if Path(part).name in ("c++", "g++", "g++-12"))
        command = command[compiler:]
        command[command.index("-o") + 1], command[command.index("-c") + 1] = str(made), str(source)
        return subprocess.run([*command[:1], *flags, *command[1:], "-O0", "-g0", "-w"], cwd=self.build, capture_output=True, check=False)

    def precompile(self):
        """The headers of both layers in one, which is most of what the compiler reads for any file."""
        for layer in LAYERS:
            headers = [path for one in LAYERS[:LAYERS.index(layer) + 1] for path in sorted((ROOT / one).rglob("*.hpp"))]
            everything = self.place / f"{layer}.hpp"
            everything.write_text("#include <algorithm>\n#include <fmt/format.h>\n#include <map>\n#include <set>\n" +
                                  "".join(f'#include "{path.relative_to(ROOT)}"\n' for path in headers))
            like = next(path for path in self.compiles if path.startswith(f"{ROOT}/{layer}/"))
            self.compile(like, everything, f"{everything}.gch", "-x", "c++-header").check_returncode()

    def compiled(self, mutant):
        source, made = self.place / "mutant.cpp", self.place / "mutant.o"
        source.write_text(mutant.text)
        layer = mutant.name.split("/", maxsplit=1)[0]
        done = self.compile(mutant.path, source, made, "-include", str(self.place / f"{layer}.hpp"))
        return made if done.returncode == 0 else None

    def linked(self, test, made):
        """The objects of a program come before the libraries, which then give all but this one."""
        command, program = list(self.links[test]), self.place / test
        command[command.index("-o") + 1] = str(program)
        command.insert(next(index for index, part in enumerate(command) if part.endswith(".o")), str(made))
        subprocess.run(command, cwd=self.build, check=True)
        return program

    def run(self, mutant):
        """"uncompilable", "survived", or the test that noticed."""
        made = self.compiled(mutant)
        if made is None:
            return "uncompilable"
        # The rules do not enter the tests of the model, but the model enters all.
        for test in self.tests:
            if test == "model_tests" and not mutant.name.startswith("model/"):
                continue
            if not self.passes(self.linked(test, made), self.limits[test]):
                return test
        return "survived"


def equivalents():
    """The keys of mutants that nobody can notice; each stands before the line with its reason."""
    lines = (ROOT / "tests/mutation/equivalent.txt").read_text().splitlines()
    return {line for line in lines if " -> " in line and not line.startswith((" ", "#"))}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--again", type=Path)
    parser.add_argument("--tests", default=",".join(TESTS))
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    sites = [site for site in all_sites() if options.only in str(site[0])]
    chosen = random.Random(options.seed).sample(sites, min(options.count, len(sites)))
    mutants = [Mutant(*site) for site in chosen]
    if options.again:
        survived = {line.split(" survived: ")[1] for line in options.again.read_text().splitlines() if " survived: " in line}
        mutants = [mutant for mutant in mutants if str(mutant) in survived]
    if options.list:
        print(*mutants, sep="\n")
        return 0
    bench, known = Bench(options.build.resolve(), options.tests.split(",")), equivalents()
    outcomes, survivors = {}, []
    for number, mutant in enumerate(mutants, 1):
        outcome = "equivalent" if mutant.key in known else bench.run(mutant)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        survivors += [mutant] if outcome == "survived" else []
        print(f"{number}/{len(mutants)} {outcome}: {mutant}", flush=True)
    killed = sum(count for outcome, count in outcomes.items() if outcome.endswith("_tests"))
    judged = max(1, killed + len(survivors))
    print("survivors:", *(survivors or ["none"]), sep="\n  ")
    print(f"of {len(sites)} places, seed {options.seed}:", ", ".join(f"{n} {o}" for o, n in sorted(outcomes.items())))
    print(f"{'clean: ' if 100 * killed >= WANTED * judged else ''}{killed} of {judged} killed, {killed / judged:.1%}")
    return 0 if 100 * killed >= WANTED * judged else 1


if __name__ == "__main__":
    sys.exit(main())
