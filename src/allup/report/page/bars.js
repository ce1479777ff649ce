// Bars: one target over time. A bar says in words, too, what it shows.

const PARTS = {
  queued: "waits for its turn (blocked)",
  hops: "earlier hops",
  dns: "dns",
  connect: "connect",
  ssl: "ssl",
  wait: "wait",
  receive: "receive",
};

function bar(row, axis) {
  const { record } = row;
  const made = element("div", { class: "bar", role: "img", "aria-label": inWords(row) });
  for (const { at, length } of axis.cuts) {
    if (place(axis, row, at + length) > 0) made.append(piece("cut", row, axis, at, at + length));
  }
  if (Number.isNaN(row.began)) return made;
  if (row.queued < row.began && !axis.own) made.append(piece("queued", row, axis, row.queued, row.began));
  let at = row.began;
  for (const [part, ms] of partsOf(record)) {
    if (ms > 0) made.append(piece(part, row, axis, at, at + ms));
    at += ms;
  }
  const end = place(axis, row, row.ended);
  if (record.verdict === "failed") {
    made.append(positioned(element("i", { class: "broke" }), "calc(" + Math.min(end, 100) + "% - 3px)"));
  }
  if (record.attempts > 1) made.append(again(record.attempts, place(axis, row, row.began), end));
  return made;
}

function piece(part, row, axis, from, to) {
  const left = Math.max(0, place(axis, row, from));
  const made = positioned(element("i", { class: part }), left + "%");
  made.style.width = Math.max(0, place(axis, row, to) - left) + "%";
  return made;
}

// When the attempts before the last one were made is not recorded: they are counted, and not drawn.
function again(attempts, start, end) {
  const mark = element("b", { class: "again", title: attempts + " attempts; the last one is drawn" }, "↻" + attempts);
  if (end < 85) return positioned(mark, "calc(" + end + "% + 3px)");
  mark.style.right = "calc(" + (100 - start) + "% + 3px)";
  return mark;
}

function positioned(made, left) {
  made.style.left = left;
  return made;
}

function inWords(row) {
  const { record } = row;
  if (Number.isNaN(row.began)) return "no attempt was made to its end";
  const parts = partsOf(record).map(([part, ms]) => (PARTS[part] || "in all") + " " + duration(ms));
  const waited = record.timings_ms.blocked ? ["blocked " + duration(record.timings_ms.blocked)] : [];
  const times = record.attempts > 1 ? [record.attempts + " attempts, the last one"] : [];
  return [...times, ...waited, ...parts].join(", ");
}

function legend(cuts) {
  return Object.entries(PARTS).map(([part, label]) => sample(part, label)).concat(
    sample("broke", "ends in a failure"),
    cuts.length ? sample("cut", "a pause, cut short") : [],
    element("li", {}, element("b", { class: "flaky" }, "↻3"), "three attempts; the last one is drawn"),
  );
}

function sample(part, label) {
  const made = element("i", { class: part });
  const box = element("span", { class: "sample bar of-" + part, "aria-hidden": "true" }, made);
  return element("li", {}, box, label);
}
