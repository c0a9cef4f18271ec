"""Looks at a report in a browser, at three widths, light and dark, and says what is wrong.

usage: look.py REPORT_HTML FOLDER [MOST_SECONDS]

Pictures and a PDF go to the folder. Fails where the page is wider than its window, where a figure
has no name, where a value does not show on hover, where the console has an error, where the page
asks for anything outside itself, or where it takes longer to open.
"""

import base64
import os
import sys

from browser import Browser

WIDTHS = [(375, 812), (900, 1000), (1440, 1000)]


def look(browser: Browser, report: str, folder: str, most_seconds: float) -> list:
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
    images = browser.images()
    print(f"{len(images)} figures: {', '.join(name for name, _ in images)}")
    if not images:
        wrong.append("no figure is in the accessibility tree")
    wrong += [f"figure {place} has no name" for place, pair in enumerate(images) if not pair[0]]
    wrong += [f"figure {name} has no description" for name, words in images if not words]
    wrong += hover(browser, folder)
    data = browser.call("Page.printToPDF", printBackground=True)["data"]
    with open(f"{folder}/report.pdf", "wb") as file:
        file.write(base64.b64decode(data))
    return wrong


def hover(browser: Browser, folder: str) -> list:
    """Moves the pointer over a chart and looks for its values."""
    place = browser.evaluate(
        "(() => { const chart = document.querySelector('[data-shared] .chart');"
        " if (!chart) return null; chart.scrollIntoView({block: 'center'});"
        " const box = chart.getBoundingClientRect();"
        " return [box.x + box.width * 0.6, box.y + box.height / 2]; })()"
    )
    if place is None:
        return ["there is no chart to point at"]
    browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=place[0], y=place[1])
    text = browser.evaluate("document.querySelector('#tip:not([hidden])')?.textContent ?? ''")
    browser.shoot(f"{folder}/hover.png", whole=False)
    return [] if " to " in text else [f"no values on hover: {text!r}"]


def main() -> None:
    report, folder, *rest = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    browser = Browser()
    try:
        wrong = look(browser, report, folder, float(rest[0]) if rest else 2.0)
    finally:
        browser.close()
    for text in wrong:
        print(f"look: {text}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
