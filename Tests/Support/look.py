"""Looks at a report in a browser, at three widths, light and dark, and says what is wrong.

usage: look.py REPORT_HTML FOLDER [--plain] [--seconds MOST]

Pictures and a PDF go to the folder. Fails where the page is wider than its window, where a figure
has no name, where a value does not show on hover, where the console has an error, where the page
asks for anything outside itself, or where it takes longer to open. A plain page has no figures.
"""

import argparse
import base64
import os
import sys

from browser import Browser, BrowserError

WIDTHS = [(375, 812), (900, 1000), (1440, 1000)]


def look(browser: Browser, report: str, folder: str, most_seconds: float, plain: bool) -> list:
    """Everything that is wrong."""
    wrong = []
    times = []
    for scheme in ("light", "dark"):
        for width, height in WIDTHS:
            browser.resize(width, height, scheme)
            times.append(browser.open(report))
            name = f"{scheme} at {width}"
            wide = browser.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{name}: {wide} pixels wide")
            wrong += [f"{name}: {text}" for text in browser.complaints()]
            browser.shoot(f"{folder}/{scheme}-{width}.png")
    seconds = sorted(times)[len(times) // 2]
    size = os.path.getsize(report)
    print(f"{report}: {size / 1048576:.2f} MiB, opens in {seconds:.2f} s (middle of {len(times)})")
    if seconds > most_seconds:
        wrong.append(f"opens in {seconds:.2f} s, {most_seconds} s at most")
    figures = "no figures, as it should"
    if not plain:
        images = browser.images()
        figures = f"{len(images)} figure{'s'[: len(images) != 1]} named and described, values on hover"
        if not images:
            wrong.append("no figure is in the accessibility tree")
        wrong += [f"figure {place} has no name" for place, pair in enumerate(images) if not pair[0]]
        wrong += [f"figure {name} has no description" for name, words in images if not words]
        wrong += hover(browser, folder)
    data = base64.b64decode(browser.call("Page.printToPDF", printBackground=True)["data"])
    with open(f"{folder}/report.pdf", "wb") as file:
        file.write(data)
    if not wrong:
        widths = ", ".join(str(width) for width, _ in WIDTHS)
        print(
            f"  fits windows of {widths} pixels, light and dark; the console is empty; nothing is "
            f"asked for outside the page; {figures}; printed, {len(data) >> 10} KiB"
        )
    return wrong


def hover(browser: Browser, folder: str) -> list:
    """Moves the pointer over a chart and looks for its values."""
    place = browser.evaluate(
        "(() => { const hits = document.querySelectorAll('[data-shared] .hit');"
        " const all = hits.length ? hits : document.querySelectorAll('.hit');"
        " const hit = all[Math.floor(all.length / 2)];"
        " if (!hit) return null; hit.scrollIntoView({block: 'center'});"
        " const box = hit.getBoundingClientRect();"
        " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
    )
    if place is None:
        return ["there is no chart to point at"]
    browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=place[0], y=place[1])
    text = browser.evaluate("document.querySelector('#tip:not([hidden])')?.innerText ?? ''")
    browser.shoot(f"{folder}/hover.png", whole=False)
    lines = [line for line in text.splitlines() if line.strip()]
    return [] if len(lines) > 1 else [f"no values on hover: {text!r}"]


def main() -> None:
    parser = argparse.ArgumentParser(usage="look.py REPORT_HTML FOLDER [--plain] [--seconds MOST]")
    parser.add_argument("report")
    parser.add_argument("folder")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--seconds", type=float, default=2.0)
    asked = parser.parse_args()
    os.makedirs(asked.folder, exist_ok=True)
    try:
        browser = Browser()
    except BrowserError as error:
        sys.exit(f"look: {error}")
    try:
        wrong = look(browser, asked.report, asked.folder, asked.seconds, asked.plain)
    finally:
        browser.close()
    for text in wrong:
        print(f"look: {asked.report}: {text}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
