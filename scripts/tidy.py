#!/usr/bin/python3
"""Checks what no compiler checks: layers, places of third-party headers, lengths, banned words, whole rules.

usage: scripts/tidy.py [ROOT]   prints `file:line: message` for each finding; exit code 1 when one is an error.
"""
import os, re, subprocess, sys
from fnmatch import fnmatch
from pathlib import Path

# Which layers a file of a layer may include, besides its own. Third-party headers are bound by PLACES instead.
LAYERS = {
    "model": {"model"}, "rules": {"model", "rules"},
    "protocol": {"model", "protocol"}, "persistence": {"model", "persistence"},
    "simulator": {"model", "protocol", "simulator"},
    "actors": {"model", "rules", "protocol", "persistence", "actors"},
}
ANYTHING = {*LAYERS, "cli", "tests", "bench"}

# A third-party header, and the files which alone may include it.
PLACES = [
    (r"lmdb\.h$", ["persistence/lmdb.*"]),
    (r"yaml-cpp/", ["cli/config_loader*", "cli/yaml_*"]),
    (r"caf/", ["actors/*", "cli/*", "tests/*", "bench/*"]),
    (r"boost/(beast|asio)\b",
     ["protocol/net/*", "simulator/*", "actors/runtime*", "actors/scheduler*", "tests/*", "bench/*"]),
    (r"date/tz\.h$", ["model/trading_calendar.cpp"]),
    (r"simdjson", ["protocol/*"]),
    (r"sodium", ["persistence/*", "actors/*", "cli/*"]),
    (r"spdlog/", ["actors/*", "cli/*"]),
    (r"CLI/", ["cli/*"]),
]

# Files that may be longer than the limit, with the reason; at most five.
LONG_FILES = {}
assert len(LONG_FILES) <= 5
# Files with a thread's outermost frame, the only ones that may catch everything, with the reason.
THREAD_EDGES = {
    "actors/thrown.cpp": "the edge of an actor: whatever it throws ends this actor alone",
}

FILE_LINES, TEST_FILE_LINES, FUNCTION_LINES, FUNCTION_WARNING = 200, 300, 70, 50
CPP = (".cpp", ".hpp", ".h", ".inc")
SOURCE = CPP + (".py", ".sh", ".mjs", ".js", ".cmake", "CMakeLists.txt", ".ci/run")
TEXT = SOURCE + (".md", ".yaml", ".yml", ".json", ".txt", ".service", ".clang-format", ".clang-tidy", ".gitignore")

RULES = "rules/rule_list.inc"
NOT_MONEY = "// tidy: not money"

# (what, pattern, the files it is banned from, the files it is allowed in); matched against code without comments.
BANNED_CODE = [
    ("`using namespace date` makes year/month ambiguous with chrono", r"\busing\s+namespace\s+date\b", ["*"], []),
    ("std::cout belongs to cli/", r"\bstd::cout\b", ["*"], ["cli/*", "bench/*", "tests/*"]),
    ("sleeping hides a race; wait for the event", r"\bsleep_(for|until)\b", ["*"],
     ["bench/*", "simulator/*", "tests/support/*"]),
    ("`catch (...)` outside a thread's edge", r"\bcatch\s*\(\s*\.\.\.\s*\)", ["*"], THREAD_EDGES),
    (f"floating point where money is exact; else end the line in `{NOT_MONEY}`", r"\b(double|float)\b",
     ["model/*", "rules/*", "protocol/projectx/*"], []),
]
# (what, pattern) of lines that belong into no file of text at all.
BANNED_LINES = [
    ("unfinished work does not belong in the tree", re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X)\b")),
    ("name of a package registry's host", re.compile(
        r"\b(?:(?:deb|security|snapshot|ftp\.\w+)\.debian\.org|(?:archive|security|ports)\.ubuntu\.com"
        r"|registry\.(?:npmjs\.org|yarnpkg\.com)|(?:pypi|files\.pythonhosted|proxy\.golang)\.org"
        r"|(?:static\.)?crates\.io|(?:index|registry-1)\.docker\.io|ghcr\.io|center\.conan\.io)\b")),
    ("invisible or broken character", re.compile(
        "[^\\t\\n\\x20-\\x7e\\xa0-\\U0010ffff]|[\\xad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ufffd]")),
]
TOKENS = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^()\\\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\'', re.S)
TRANSPARENT = re.compile(r"\s*(template\s*<.*>\s*)?(inline\s+)?(namespace|class|struct|union|enum|extern)\b", re.S)
LABELS = re.compile(r"\s*(?:(?:public|private|protected)\s*:\s*)*")


def list_files(root):
    """What git tracks or would track; every file below root where that is no git repository of its own."""
    if os.path.exists(os.path.join(root, ".git")):
        command = ["git", "-c", f"safe.directory={root}", "-C", root, "ls-files", "-z", "--cached", "--others",
                   "--exclude-standard", "--deduplicate"]
        listing = subprocess.run(command, capture_output=True, text=True, check=False)
        if listing.returncode == 0:
            names = [name for name in listing.stdout.split("\0") if name]
            return sorted(name for name in names if os.path.isfile(os.path.join(root, name)))
    found = (path.relative_to(root) for path in Path(root).rglob("*") if path.is_file())
    return sorted(str(path) for path in found if not {".git", "build", "node_modules", "__pycache__"} & {*path.parts})


def blank(match):
    """Spaces instead of the match, so that offsets and line numbers stay."""
    return re.sub(r"[^\n]", " ", match.group(0))


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def in_any(path, patterns):
    return any(fnmatch(path, pattern) for pattern in patterns)


def check_includes(path, text):
    layer = path.split("/")[0]
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]', text, re.M):
        line, name = line_of(text, match.start()), match.group(2)
        target = name.split("/")[0]
        if match.group(1) == '"' and ("/" not in name or target not in ANYTHING):
            yield line, f'"{name}": an include path starts at the root, its first part is a layer'
        elif match.group(1) == '"' and target not in LAYERS.get(layer, ANYTHING):
            yield line, f'"{name}": {layer}/ may not include {target}/'
        for pattern, places in PLACES:
            if re.match(pattern, name) and not in_any(path, places):
                yield line, f"{name} may be included by {', '.join(places)} only"


def check_functions(code):
    """Finds outermost function bodies by their braces; good for clang-formatted code, no parser of C++."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank, code, flags=re.M)
    stack, head_start = [], 0  # the stack holds the head's offset for a function, else None
    for match in re.finditer(r"[{};]", code):
        head = code[head_start:match.start()]
        if match.group() == "{":
            inside = any(entry is not None for entry in stack)
            function = not inside and ")" in head and not TRANSPARENT.match(head)
            stack.append(head_start + LABELS.match(head).end() if function else None)
        elif match.group() == "}" and stack:
            start = stack.pop()
            length = code.count("\n", start, match.end()) + 1 if start is not None else 0
            if length > FUNCTION_LINES:
                yield line_of(code, start), f"function of {length} lines, limit {FUNCTION_LINES}"
            elif length > FUNCTION_WARNING:
                yield line_of(code, start), f"warning: function of {length} lines, aim at {FUNCTION_WARNING}"
        head_start = match.end()


def check_cpp(path, text, code):
    for what, pattern, places, allowed in BANNED_CODE:
        if in_any(path, places) and not in_any(path, allowed):
            yield from ((line_of(code, match.start()), what) for match in re.finditer(pattern, code))
    if path.endswith((".hpp", ".h")) and not re.search(r"^#pragma once$", text, re.M):
        yield 1, "header without #pragma once"


def check_text(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        yield from ((number, what) for what, pattern in BANNED_LINES if pattern.search(line))
        if path.endswith("package-lock.json") and '"resolved"' in line:
            yield number, "a lock file names packages and hashes, never where they were fetched"


def check_length(path, text):
    limit = TEST_FILE_LINES if path.startswith(("tests/", "bench/")) else FILE_LINES
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines > limit and path not in LONG_FILES:
        yield limit + 1, f"file of {lines} lines, limit {limit}"


def check_rules(files, read):
    """Each rule has its file, its test and its block in the example configuration."""
    config = read("config/risk_config.yaml") if "config/risk_config.yaml" in files else ""
    for number, line in enumerate(read(RULES).split("\n"), 1):
        for rule in re.findall(r"^\s*[A-Z_]+\(\s*(\w+)", line):
            needed = (f"rules/{rule}.cpp", f"tests/rules/{rule}_test.cpp")
            yield from ((number, f"rule {rule} has no {name}") for name in needed if name not in files)
            if not re.search(rf"^\s*{rule}\s*:", config, re.M):
                yield number, f"rule {rule} has no block in config/risk_config.yaml"


def findings(root):
    files = list_files(root)

    def read(path):
        return Path(root, path).read_bytes().decode("utf-8", "replace")

    for path in files:
        if not path.endswith(TEXT) and not path.startswith(("scripts/", ".ci/")):
            continue
        text = read(path)
        checks = [check_text(path, text)]
        if path.endswith(SOURCE) or text.startswith("#!"):
            checks.append(check_length(path, text))
        if path.endswith(CPP):
            code = TOKENS.sub(blank, re.sub(rf"\b(double|float)\b(?=.*{NOT_MONEY})", "exempt", text))
            checks += [check_includes(path, text), check_functions(code), check_cpp(path, text, code)]
        yield from ((path, line, message) for check in checks for line, message in check)
    if RULES in files:
        yield from ((RULES, line, message) for line, message in check_rules(set(files), read))


if __name__ == "__main__":
    errors = 0
    tree = sys.argv[1] if sys.argv[1:] else Path(__file__).parent.parent
    for path, line, message in findings(os.path.abspath(tree)):
        print(f"{path}:{line}: {message}")
        errors += not message.startswith("warning: ")
    sys.exit(1 if errors else 0)
