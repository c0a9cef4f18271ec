// Values on hover: the text is in the titles of the page, which show without this script, too.
(() => {
    "use strict";
    const tip = document.createElement("div");
    tip.id = "tip";
    tip.hidden = true;
    tip.setAttribute("aria-hidden", "true");
    document.body.append(tip);
    const texts = new Map();
    for (const chart of document.querySelectorAll(".chart")) {
        const title = chart.querySelector(":scope > title");
        if (title) {
            chart.setAttribute("aria-label", title.textContent);
            chart.removeAttribute("aria-labelledby");
            title.remove();
        }
        for (const hit of chart.querySelectorAll(".hit")) {
            texts.set(hit, hit.textContent);
            hit.textContent = "";
        }
    }
    let crosses = [];
    const clear = () => {
        tip.hidden = true;
        for (const cross of crosses) cross.remove();
        crosses = [];
    };
    const mark = (chart, x) => {
        const cross = document.createElementNS("http://www.w3.org/2000/svg", "line");
        const place = { class: "cross", x1: x, x2: x, y1: "0", y2: "100%" };
        for (const name in place) cross.setAttribute(name, place[name]);
        chart.append(cross);
        crosses.push(cross);
    };
    const row = (text) => {
        const line = document.createElement("div");
        const at = text.indexOf(": ");
        for (const part of at < 0 ? [text] : [text.slice(0, at), text.slice(at + 2)]) {
            const cell = document.createElement("span");
            cell.textContent = part;
            line.append(cell);
        }
        return line;
    };
    const show = (hit, event) => {
        clear();
        const chart = hit.closest(".chart");
        const shared = chart.closest("[data-shared]");
        const charts = shared ? [...shared.querySelectorAll(".chart")] : [chart];
        const index = [...chart.querySelectorAll(".hit")].indexOf(hit);
        const x = parseFloat(hit.getAttribute("x")) + parseFloat(hit.getAttribute("width")) / 2;
        const lines = [];
        for (const other of charts) {
            mark(other, x + "%");
            const own = other.querySelectorAll(".hit")[index];
            if (own) lines.push(...texts.get(own).split("\n").slice(1));
        }
        const head = document.createElement("b");
        head.textContent = texts.get(hit).split("\n")[0];
        tip.replaceChildren(head, ...lines.map(row));
        tip.hidden = false;
        const width = document.documentElement.clientWidth;
        const left = event.clientX + 16 + tip.offsetWidth > width
            ? event.clientX - tip.offsetWidth - 16 : event.clientX + 16;
        const top = Math.min(event.clientY + 12, window.innerHeight - tip.offsetHeight - 8);
        tip.style.left = Math.max(4, left) + window.scrollX + "px";
        tip.style.top = Math.max(4, top) + window.scrollY + "px";
    };
    document.addEventListener("pointermove", (event) => {
        const hit = event.target.closest ? event.target.closest(".hit") : null;
        if (hit && texts.has(hit)) show(hit, event); else clear();
    });
    document.addEventListener("pointerleave", clear);
    window.addEventListener("beforeprint", () => {
        // Every story takes half a sheet; the others are a click away on a screen.
        const stories = [...document.querySelectorAll("details:not(.data)")];
        for (const part of stories.slice(0, 3)) part.open = true;
    });
})();
