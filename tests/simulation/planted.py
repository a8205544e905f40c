#!/usr/bin/python3
"""Writes copies of product files in which the bugs of planted.txt can be switched on by number at run time.

usage: planted.py LIST ROOT OUT     one copy per file, under OUT; exit code 1 when a text does not stand there once
       planted.py --files LIST      the files, one per line
       planted.py --names LIST      "number name", one per line
"""
import re, sys
from pathlib import Path


def read_list(path):
    bugs = []
    for block in re.split(r"\n\s*\n", Path(path).read_text()):
        lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
        if not lines:
            continue
        head = re.fullmatch(r"bug (\d+) \| (.+)", lines[0])
        place = re.fullmatch(r"(\S+) \| (expression|statement)", lines[1])
        old, new = "\n".join(lines[2:]).split("\n=> ")
        bugs.append((int(head[1]), head[2], place[1], place[2], old.strip(), new.strip()))
    if [bug[0] for bug in bugs] != list(range(1, len(bugs) + 1)):
        sys.exit("planted bugs must be numbered 1, 2, 3, ...")
    return bugs


def plant(text, bug):
    number, name, file, kind, old, new = bug
    before, inner, after = re.fullmatch(r"(?:(.*)\[\[)?(.*?)(?:\]\](.*))?", old, re.S).groups()
    pattern = r"\s+".join(re.escape(word) for word in ((before or "") + inner + (after or "")).split())
    found = list(re.finditer(pattern, text))
    if len(found) != 1:
        sys.exit(f"planted bug {number} ({name}): its text stands {len(found)} times in {file}")
    start, end = found[0].span()
    whole = text[start:end]
    words = r"\s+".join(re.escape(word) for word in inner.split())
    at = list(re.finditer(words, whole))[-1]
    inside = whole[at.start():at.end()]
    switch = f"bulkhead::planted::on({number})"
    made = f"({switch} ? ({new}) : ({inside}))" if kind == "expression" else f"if ({switch}) {{ {new} }} else {{ {inside} }}"
    return text[:start] + whole[:at.start()] + made + whole[at.end():] + text[end:]


def main():
    if sys.argv[1] in ("--files", "--names"):
        bugs = read_list(sys.argv[2])
        rows = sorted({bug[2] for bug in bugs}) if sys.argv[1] == "--files" else [f"{bug[0]} {bug[1]}" for bug in bugs]
        return print("\n".join(rows))
    bugs, root, out = read_list(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    for file in sorted({bug[2] for bug in bugs}):
        text = (root / file).read_text()
        for bug in bugs:
            if bug[2] == file:
                text = plant(text, bug)
        text = '#include "tests/simulation/planted.hpp"\n' + text
        target = out / file
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text() != text:
            target.write_text(text)


main()
