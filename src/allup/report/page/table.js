// Table: only the rows in sight are elements; the rest is room above and below them.

const COLUMNS = [
  ["line", "#"],
  ["verdict", "Verdict"],
  ["code", "Status"],
  ["target", "Target"],
  ["host", "Host"],
  ["time", "Time"],
  ["bar", "Waterfall"],
];
const MARGIN = 12;
const MOST_PRINTED = 2000;

class Table {
  constructor(run, onSort) {
    this.run = run;
    this.table = byId("table");
    this.body = byId("rows");
    this.rows = [];
    this.active = 0;
    this.onSort = onSort;
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("click", (event) => this.click(event));
    addEventListener("scroll", () => this.soon(), { passive: true });
    addEventListener("resize", () => this.soon());
    addEventListener("beforeprint", () => this.draw(0, Math.min(this.rows.length, MOST_PRINTED)));
    addEventListener("afterprint", () => this.render());
  }

  show(rows, filter) {
    const kept = this.rows[this.active];
    this.rows = rows;
    this.choice = filter.axis;
    this.setAxis(axisOf(this.choice, this.run, rows, []));
    this.active = Math.max(0, rows.indexOf(kept));
    this.head(filter);
    this.render();
  }

  setAxis(axis) {
    this.axis = axis;
    const old = this.table.querySelector(".scale");
    if (old) old.replaceWith(scale(axis));
    markStretch(axis, this.run);
  }

  head(filter) {
    this.table.setAttribute("aria-rowcount", this.rows.length + 1);
    const focused = document.activeElement && document.activeElement.dataset.sort;
    byId("columns").replaceChildren(...COLUMNS.map((column) => this.heading(column, filter)));
    if (focused) this.table.querySelector('[data-sort="' + focused + '"]').focus();
  }

  heading([key, label], filter) {
    const sorted = filter.sort === key;
    const arrow = sorted ? element("span", { class: "arrow", "aria-hidden": "true" }, filter.down ? " ▼" : " ▲") : null;
    const name = { bar: "Waterfall, by start", line: "Order of the report" }[key] || label;
    const button = element("button", { type: "button", "data-sort": key, "aria-label": name, title: "Sort by " + name.toLowerCase() }, label, arrow);
    button.onclick = () => this.onSort(key);
    const state = sorted ? (filter.down ? "descending" : "ascending") : "none";
    return element("th", { role: "columnheader", class: "c-" + key, "aria-sort": state }, button, key === "bar" ? scale(this.axis) : null);
  }

  soon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.render();
    });
  }

  get rowHeight() {
    return parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row"));
  }

  render() {
    const height = this.rowHeight;
    const above = -this.body.getBoundingClientRect().top;
    const top = Math.floor(above / height);
    const bottom = Math.ceil((above + innerHeight) / height);
    if (this.choice === "sight") {
      this.setAxis(axisOf("sight", this.run, [], this.rows.slice(Math.max(0, top), Math.max(bottom, MARGIN))));
    }
    const first = Math.min(this.rows.length, Math.max(0, top - MARGIN));
    this.draw(first, Math.max(first, Math.min(this.rows.length, bottom + MARGIN)));
  }

  draw(first, last) {
    const height = this.rowHeight;
    const drawn = this.rows.slice(first, last).map((row, at) => this.row(row, first + at));
    this.body.style.paddingTop = first * height + "px";
    this.body.style.paddingBottom = (this.rows.length - last) * height + "px";
    if (this.rows.length) this.body.replaceChildren(...drawn);
    else this.body.replaceChildren(element("tr", { role: "row", class: "none" }, element("td", { role: "gridcell", class: "empty" }, "No target is like that.")));
    this.mark();
  }

  row(row, position) {
    const { record } = row;
    const name = record.name === null ? null : element("span", { class: "name" }, record.name);
    const cells = {
      line: [row.index + 1],
      verdict: [SIGNS[record.verdict] + " " + record.verdict],
      code: [row.code],
      target: [tagOf(row), name, record.url.replace(/^https?:\/\//, "") || "(nothing)"],
      host: [row.host],
      time: [record.elapsed_ms === null ? "" : duration(record.elapsed_ms)],
      bar: [bar(row, this.axis)],
    };
    const made = element("tr", { role: "row", id: "row-" + position, "aria-rowindex": position + 2, "data-at": position, title: [record.url, detailOf(record), NEWS.has(row.change) && CHANGES[row.change]].filter(Boolean).map(printable).join("\n") });
    for (const [key] of COLUMNS) {
      const verdict = key === "verdict" ? " " + record.verdict : "";
      made.append(element("td", { role: "gridcell", class: "c-" + key + verdict }, ...cells[key]));
    }
    return made;
  }

  mark() {
    for (const one of this.body.querySelectorAll(".active")) one.classList.remove("active");
    const made = byId("row-" + this.active);
    if (made) {
      made.classList.add("active");
      this.table.setAttribute("aria-activedescendant", made.id);
    } else {
      this.table.removeAttribute("aria-activedescendant");
    }
  }

  go(position) {
    this.active = Math.max(0, Math.min(this.rows.length - 1, position));
    const height = this.rowHeight;
    const head = this.table.tHead.offsetHeight;
    const top = this.body.getBoundingClientRect().top + this.active * height;
    if (top < head) scrollBy(0, top - head);
    else if (top + height > innerHeight) scrollBy(0, top + height - innerHeight);
    this.render();
  }

  key(event) {
    if (event.target !== this.table || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(innerHeight / this.rowHeight) - 2);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) this.go(this.active + steps[event.key]);
    else if (event.key === "Enter" || event.key === " ") this.open(this.active);
    else return;
    event.preventDefault();
  }

  click(event) {
    const made = event.target.closest("tr[data-at]");
    // Who has marked a text means to copy it.
    if (!made || String(getSelection())) return;
    this.table.focus({ preventScroll: true });
    this.open(Number(made.dataset.at));
  }

  open(position) {
    const row = this.rows[Math.max(0, Math.min(this.rows.length - 1, position))];
    if (!row) return;
    this.go(position);
    const place = (this.active + 1).toLocaleString("en") + " of " + this.rows.length.toLocaleString("en");
    showDetails(row, place, (step) => this.open(this.active + step));
  }
}
