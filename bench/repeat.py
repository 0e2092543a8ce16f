"""Does the check come to the same answer each time? (``make repeat``)

Every fixture portal is checked again and again against the baseline of its first check; what has to be the same is the gate's
answer, and the set of failed defects is compared too. A check is what ``wcag-audit ci`` does where nobody says otherwise: full depth, with
all probes; of a few pages, spread over the portal, as a pipeline gives it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from wcag_audit.serve import PortalSite, serving

PORTALS = Path(__file__).resolve().parent.parent / "fixtures" / "portals"


def check(pages: list[str], folder: Path, baseline: Path, words: list[str]) -> tuple[int, dict[str, str]]:
    """One check: its exit code, and what failed by fingerprint, with its rule and an element."""
    command = [sys.executable, "-m", "wcag_audit", "ci", *pages, "--out", str(folder), "--baseline", str(baseline), "--format", "json"]
    done = subprocess.run([*command, "--quiet", *words], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 3):
        raise SystemExit(f"{' '.join(command)}: {done.returncode}: {done.stdout}{done.stderr}")
    result = json.loads((folder / "run" / "result.json").read_text("utf-8"))
    failed = [one for one in result["defects"] if one["verdict"] == "failed"]
    elements = [(one["example"].get("target") or {}).get("selector", "") for one in failed]
    return done.returncode, {one["fingerprint"]: f"{one['rule']} {element}" for one, element in zip(failed, elements, strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--pages", type=int, default=3, help="pages of each portal, spread over it")
    parser.add_argument("--depth", default="full", choices=("static", "full"))
    parser.add_argument("--portal", action="append", help="a fixture portal (all five)")
    given = parser.parse_args()
    bad = False
    for name in given.portal or sorted(path.name for path in PORTALS.iterdir() if path.is_dir()):
        site = PortalSite(PORTALS / name)
        rows = [row["path"] for row in site.config["page"] if not {"redirect", "status", "type"} & set(row)]
        with serving(site) as served, tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            pages = [served.url.rstrip("/") + path for path in rows[:: max(1, len(rows) // given.pages)][: given.pages]]
            words = ["--depth", given.depth]
            check(pages, folder / "out", folder / "baseline.json", [*words, "--update-baseline"])
            begun = time.monotonic()
            found = [check(pages, folder / "out", folder / "baseline.json", words) for _ in range(given.times)]
            took = (time.monotonic() - begun) / given.times
        codes = Counter(code for code, _ in found)
        seen = Counter(name for _, names in found for name in names)
        differ = {name: what for _, names in found for name, what in names.items() if seen[name] < given.times}
        bad = bad or len(codes) > 1
        same = codes.most_common(1)[0][1]
        told = f"the same gate result {same} times of {given.times} ({dict(codes)})"
        print(f"{name}: {given.depth} depth, {len(pages)} pages: {told}; defects not seen each time: {len(differ)}; {took:.0f} s a check")
        for name, what in differ.items():
            print(f"    {name} {what}: seen {seen[name]} times")
        sys.stdout.flush()
    raise SystemExit(int(bad))


if __name__ == "__main__":
    main()
