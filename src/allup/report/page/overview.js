// Overview: how many were in flight at each moment of the run, as far as is recorded: by their last attempts.

const STEPS = 400;
const SVG = "http://www.w3.org/2000/svg";

// The most that were in flight within each of STEPS equal parts of the axis.
function inFlight(rows, axis, cap) {
  const events = [];
  for (const row of rows) {
    if (Number.isNaN(row.began)) continue;
    events.push([row.began, 1], [row.ended, -1]);
  }
  // Of two things at one moment, the end comes first: a slot is free again before it is taken.
  events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const most = new Array(STEPS).fill(0);
  let now = 0;
  let step = 0;
  for (const [moment, change] of events) {
    const until = Math.min(STEPS - 1, Math.floor(((moment - axis.first) / axis.length) * STEPS));
    while (step < until) most[++step] = now;
    now += change;
    // Records round to milliseconds, by which one may seem to begin before the other has ended.
    most[step] = Math.max(most[step], Math.min(now, cap));
  }
  return most;
}

function drawOverview(target, rows, axis, cap) {
  const most = inFlight(rows, axis, cap);
  const peak = Math.max(...most, 1);
  const points = most.flatMap((count, step) => {
    const y = (76 - (70 * count) / peak).toFixed(1);
    return [step + "," + y, step + 1 + "," + y];
  });
  const svg = document.createElementNS(SVG, "svg");
  const label = "up to " + counted(peak, "last attempt", "last attempts") + " at once";
  for (const [key, value] of Object.entries({ viewBox: "0 0 " + STEPS + " 78", preserveAspectRatio: "none", role: "img", "aria-label": label })) {
    svg.setAttribute(key, value);
  }
  const area = document.createElementNS(SVG, "polygon");
  area.setAttribute("class", "area");
  area.setAttribute("vector-effect", "non-scaling-stroke");
  area.setAttribute("points", ["0,76", ...points, STEPS + ",76"].join(" "));
  const stretch = document.createElementNS(SVG, "rect");
  stretch.setAttribute("id", "stretch");
  stretch.setAttribute("y", "74");
  stretch.setAttribute("height", "4");
  svg.append(...axis.cuts.map((cut) => pause(cut, axis)), area, stretch);
  const ends = element("div", { class: "ends" });
  for (const text of ["0", label, duration(sinceZero({ ...axis, zero: axis.first }, axis.first + axis.length))]) ends.append(element("span", {}, text));
  target.replaceChildren(svg, ends);
}

function pause({ at, length, ms }, axis) {
  const made = document.createElementNS(SVG, "rect");
  const places = { class: "cut", x: (STEPS * (at - axis.first)) / axis.length, width: (STEPS * length) / axis.length, y: 0, height: 76 };
  for (const [key, value] of Object.entries(places)) made.setAttribute(key, value);
  const title = document.createElementNS(SVG, "title");
  title.textContent = "a pause of " + duration(ms);
  made.append(title);
  return made;
}

// Where in the run the stretch is that the waterfall shows.
function markStretch(axis, run) {
  const whole = axis.own || axis.length >= run.length;
  const stretch = byId("stretch");
  stretch.setAttribute("x", whole ? 0 : (STEPS * (axis.first - run.first)) / run.length);
  stretch.setAttribute("width", whole ? 0 : Math.max(2, (STEPS * axis.length) / run.length));
}
