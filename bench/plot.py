#!/usr/bin/python3
"""Draws what a run of scripts/bench measured and sums it up.

usage: bench/plot.py DIR   reads DIR/*.jsonl and DIR/*.txt, writes DIR/*.svg and DIR/summary.md
"""
import json, math, sys
from collections import defaultdict
from html import escape
from pathlib import Path

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 420, 70, 170, 40, 50
COLOURS = ["#1b6ca8", "#d1495b", "#2e8b57", "#8e5ea2", "#e08e0b", "#555555", "#17becf", "#7f4f24"]
DISTURBED = ("alone", "burst", "slow", "reset", "refused")
OCTAVE_SHARE = 2 ** (1 / 8)  # a bucket of the histograms ends at so many times its beginning


def log_ticks(low, high):
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for step in (1, 2, 5):
            if low <= step * 10 ** power <= high:
                yield step * 10 ** power


class Chart:
    """Lines over logarithmic x; y is linear or logarithmic."""

    def __init__(self, title, x_name, y_name, lines, y_log=False):
        self.title, self.x_name, self.y_name, self.lines, self.y_log = title, x_name, y_name, lines, y_log
        points = [point for _, line in lines for point in line]
        self.x = min(x for x, _ in points), max(x for x, _ in points)
        self.y = (min(y for _, y in points), max(y for _, y in points)) if y_log else (0, max(y for _, y in points))

    def place_x(self, x):
        span = math.log(self.x[1] / self.x[0]) or 1
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(x / self.x[0]) / span

    def place_y(self, y):
        low, high = self.y
        share = math.log(y / low) / (math.log(high / low) or 1) if self.y_log else (y - low) / ((high - low) or 1)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    def axes(self):
        bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        yield f'<rect x="{LEFT}" y="{TOP}" width="{right - LEFT}" height="{bottom - TOP}" fill="none" stroke="#888"/>'
        for tick in log_ticks(*self.x):
            x = self.place_x(tick)
            yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="#e4e4e4"/>'
            yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{tick:g}</text>'
        low, high = self.y
        for tick in log_ticks(low, high) if self.y_log else (low + (high - low) * i / 5 for i in range(6)):
            y = self.place_y(tick)
            yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#e4e4e4"/>'
            yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:.3g}</text>'
        yield f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(self.x_name)}</text>'
        yield (f'<text transform="translate(16,{(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">'
               f'{escape(self.y_name)}</text>')
        yield f'<text x="{LEFT}" y="{TOP - 14}" font-size="14">{escape(self.title)}</text>'

    def text(self):
        out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" '
               'font-size="11">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', *self.axes()]
        for i, (name, line) in enumerate(self.lines):
            colour = COLOURS[i % len(COLOURS)]
            points = " ".join(f"{self.place_x(x):.1f},{self.place_y(y):.1f}" for x, y in line)
            out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
            y = TOP + 14 + 18 * i
            out.append(f'<line x1="{WIDTH - RIGHT + 10}" y1="{y}" x2="{WIDTH - RIGHT + 30}" y2="{y}" '
                       f'stroke="{colour}" stroke-width="3"/>')
            out.append(f'<text x="{WIDTH - RIGHT + 36}" y="{y + 4}">{escape(name)}</text>')
        return "\n".join([*out, "</svg>", ""])


def read_lines(directory):
    out = defaultdict(list)
    for path in sorted(directory.glob("*.jsonl")):
        for text in path.read_text().splitlines():
            line = json.loads(text)
            out[line["bench"]].append(line)
    return out


def distribution(lines):
    """The share of samples below each duration, repetitions pooled: (microseconds, share)."""
    counts = defaultdict(int)
    for line in lines:
        for lower, count in line["buckets_ns"]:
            counts[lower] += count
    total, so_far, out = sum(counts.values()), 0, []
    for lower in sorted(counts):
        out.append((lower / 1000, so_far / total))
        so_far += counts[lower]
        out.append((lower * OCTAVE_SHARE / 1000, so_far / total))
    return out


def distributions(lines, group, title):
    """One chart for each value of `group`; a line for each variant."""
    found = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if "buckets_ns" in line:
            found[line.get(group, "")][line["variant"]].append(line)
    for value, variants in found.items():
        named = [(name, distribution(of)) for name, of in variants.items()]
        yield value, Chart(f"{title} {value}".strip(), "microseconds, meaningless on another machine",
                           "share of samples", named)


def by_accounts(lines, what, title, unit):
    """A line for each variant over the number of accounts."""
    found = defaultdict(dict)
    for line in lines:
        if line.get("what") == what and line.get("value", 0) > 0 and "accounts" in line:
            found[line["variant"]].setdefault(line["accounts"], []).append(line["value"])
    named = [(name, sorted((x, sorted(values)[len(values) // 2]) for x, values in of.items()))
             for name, of in found.items() if len(of) > 1]
    if named:
        yield Chart(title, "accounts", unit, named, y_log=True)


def draw(lines, directory):
    charts = {}
    compared = [line for line in lines["enforcement_latency"] if line["mode"] not in DISTURBED]
    disturbed = [{**line, "variant": line["mode"]} for line in lines["enforcement_latency"] if line["mode"] in DISTURBED]
    for mode, chart in distributions(compared, "mode", "breach to close,"):
        charts[f"latency_{mode}"] = chart
    for _, chart in distributions(disturbed, "none", "breach to close, the daemon disturbed"):
        charts["latency_disturbed"] = chart
    for _, chart in distributions(lines["path"], "none", "the way through the process"):
        charts["path"] = chart
    for _, chart in distributions(lines["durability"], "none", "breach to close by where the data lie"):
        charts["durability"] = chart
    for chart in by_accounts(lines["memory"], "rss_anon_kib", "memory of one daemon, connections included", "KiB"):
        charts["memory"] = chart
    for chart in by_accounts(lines["fanout"], "cost", "fan-out of a quote, by the cost with one account",
                             "times the cost with one account"):
        charts["fanout"] = chart
    for name, chart in charts.items():
        (directory / f"{name}.svg").write_text(chart.text())
    return sorted(charts)


def summary(directory, charts):
    texts = {path.stem: "\n".join(line for line in path.read_text().strip().splitlines() if not line.startswith("JSON lines"))
             for path in sorted(directory.glob("*.txt"))}
    out = ["# Results of the last run of scripts/bench", "",
           "Written by `bench/plot.py`; how to read it stands in `docs/performance.md`. Only the ratios mean anything.", ""]
    run = texts.pop("run", "")
    out += [run, ""] if run else []
    out += ["## Targets", ""]
    for name, text in texts.items():
        found = [line for line in text.splitlines() if "VOID" in line or ("target" in line and " met" in line)
                 or " NOT met" in line]
        out += [f"- `{name}`: {line.strip()}" for line in found]
    for name, text in texts.items():
        out += ["", f"## {name}", "", "```", text, "```"]
    if charts:
        out += ["", "## Charts", "", "Beside this file after a run: " + ", ".join(f"`{name}.svg`" for name in charts) + "."]
    (directory / "summary.md").write_text("\n".join(out) + "\n")


def main():
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    directory = Path(sys.argv[1])
    summary(directory, draw(read_lines(directory), directory))


main()
