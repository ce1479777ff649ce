// Axis: the time that the bars are drawn over.

function spanOf(rows) {
  let first = Infinity;
  let last = -Infinity;
  for (const row of rows) {
    if (Number.isNaN(row.began)) continue;
    first = Math.min(first, row.began);
    last = Math.max(last, row.ended);
  }
  return first <= last ? { first, length: Math.max(last - first, 0.1) } : { first: 0, length: 0.1 };
}

// `zero` is when the run began: what the scale counts from.
function axisOf(choice, run, shown, inSight) {
  if (choice === "own") {
    const longest = shown.reduce((most, row) => Math.max(most, row.record.elapsed_ms || 0), 0.1);
    return { own: true, first: 0, zero: 0, length: longest, cuts: [] };
  }
  const span = { run, shown: choice === "shown" && spanOf(shown), sight: choice === "sight" && spanOf(inSight) }[choice];
  return { own: false, zero: run.first, ...(span.first ? span : run), cuts: run.cuts };
}

// Where a moment is, in percent of the width.
function place(axis, row, moment) {
  const since = axis.own ? row.began : axis.first;
  return (100 * (moment - since)) / axis.length;
}

// How long after the run began a moment of the axis was.
function sinceZero(axis, moment) {
  return moment - axis.zero + cutBefore(axis, moment);
}

function scale(axis) {
  const made = element("span", { class: "scale", "aria-hidden": "true" });
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const since = sinceZero(axis, axis.first + axis.length * share);
    const tick = element("span", {}, since ? duration(since) : "0");
    tick.style.left = 100 * share + "%";
    made.append(tick);
  }
  return made;
}
