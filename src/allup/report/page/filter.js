// Filter: which rows are shown, in which order; the address keeps it, so that a view can be passed on.

const KEYS = {
  line: (row) => row.index,
  verdict: (row) => VERDICTS.indexOf(row.record.verdict),
  code: (row) => row.code,
  target: (row) => (row.record.name || row.record.url).toLowerCase(),
  host: (row) => row.host,
  time: (row) => row.record.elapsed_ms,
  bar: (row) => (Number.isNaN(row.began) ? null : row.began),
};

const AXES = ["run", "shown", "sight", "own"];

// What is in force where nothing is asked for; a long list is only readable a stretch at a time.
const usual = { axis: "run" };

function unfiltered() {
  return { text: "", hidden: new Set(), kind: "", host: "", change: "", axis: usual.axis, sort: "line", down: false };
}

function matches(row, filter) {
  const { record } = row;
  if (filter.hidden.has(record.verdict)) return false;
  if (filter.kind && (record.failure === null || record.failure.kind !== filter.kind)) return false;
  if (filter.host && row.host !== filter.host) return false;
  if (filter.change && row.change !== filter.change) return false;
  return filter.text.toLowerCase().split(/\s+/).every((word) => haystack(row).includes(word));
}

function shownRows(rows, filter) {
  const shown = rows.filter((row) => matches(row, filter));
  const key = KEYS[filter.sort];
  const keyed = shown.map((row) => [key(row), row]);
  keyed.sort(([a, one], [b, other]) => compared(a, b, filter.down) || one.index - other.index);
  return keyed.map(([, row]) => row);
}

// What is not known comes last, whichever way the rest is sorted.
function compared(a, b, down) {
  const unknownA = a === null || a === "";
  const unknownB = b === null || b === "";
  if (unknownA || unknownB) return unknownA - unknownB;
  const order = a < b ? -1 : a > b ? 1 : 0;
  return down ? -order : order;
}

function filterToHash(filter) {
  const words = new URLSearchParams();
  if (filter.text) words.set("text", filter.text);
  if (filter.hidden.size) words.set("hidden", [...filter.hidden].join(","));
  for (const key of ["kind", "host", "change"]) if (filter[key]) words.set(key, filter[key]);
  if (filter.axis !== usual.axis) words.set("axis", filter.axis);
  if (filter.sort !== "line" || filter.down) words.set("sort", (filter.down ? "-" : "") + filter.sort);
  return words.toString();
}

function filterFromHash(hash) {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const filter = unfiltered();
  filter.text = words.get("text") || "";
  filter.hidden = new Set((words.get("hidden") || "").split(",").filter((one) => VERDICTS.includes(one)));
  filter.kind = words.get("kind") || "";
  filter.host = words.get("host") || "";
  if (Object.hasOwn(CHANGES, words.get("change") || "")) filter.change = words.get("change");
  if (AXES.includes(words.get("axis"))) filter.axis = words.get("axis");
  const sort = words.get("sort") || "";
  if (Object.hasOwn(KEYS, sort.replace(/^-/, ""))) {
    filter.sort = sort.replace(/^-/, "");
    filter.down = sort.startsWith("-");
  }
  return filter;
}

function keepInAddress(filter) {
  const hash = filterToHash(filter);
  try {
    history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  } catch {
    // Where a page has no address of its own to be changed, it is merely not kept.
  }
}
