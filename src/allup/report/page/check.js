// The page of a check, put together.

function headline(run) {
  const { summary } = run;
  const parts = ["ok", "flaky", "failed", "unchecked"].filter((verdict) => summary[verdict] || (verdict === "ok" && !summary.targets));
  const title = byId("headline");
  title.replaceChildren();
  for (const verdict of parts) {
    title.append(title.childNodes.length ? ", " : "", element("span", { class: verdict }, summary[verdict].toLocaleString("en") + " " + verdict));
  }
  title.append(" of " + summary.targets.toLocaleString("en") + (summary.resumed ? "" : " in " + duration(summary.wall_s * 1000)));
  document.title = title.textContent + " - allup";
  if (summary.resumed) title.append(element("small", {}, "; " + resumedTold(summary)));
}

function resumedTold({ resumed: { results, began_at }, targets, wall_s, peak_in_flight }) {
  const since = "from a run that began at " + began_at.replace("T", " ").replace("Z", " UTC");
  if (results >= targets) return "all " + since;
  const rest = "the rest took " + duration(wall_s * 1000) + " (at most " + peak_in_flight + " in flight)";
  return results.toLocaleString("en") + " of these " + (results === 1 ? "is " : "are ") + since + ", " + rest;
}

function runFacts(run, rows, cuts) {
  const { summary } = run;
  const began = spanOf(rows).first;
  const kinds = Object.entries(summary.kinds).sort((a, b) => b[1] - a[1]).map(([kind, count]) => kind + " " + count.toLocaleString("en"));
  const groups = ["ok", "failed", "unchecked"].filter((verdict) => summary.groups[verdict]).map((verdict) => summary.groups[verdict] + " " + verdict);
  return [
    began ? "Began " + new Date(began).toISOString().replace("T", " ").replace(/\..*/, " UTC") : null,
    summary.resumed ? null : "at most " + summary.peak_in_flight + " in flight",
    cuts.length ? pausesTold(cuts) : null,
    kinds.length ? "failures: " + kinds.join(", ") : null,
    groups.length ? "groups: " + groups.join(", ") : null,
    summary.repeats ? counted(summary.repeats, "repeat", "repeats") + " checked once" : null,
    summary.excluded ? summary.excluded.toLocaleString("en") + " excluded" : null,
  ].filter(Boolean).join(" · ");
}

function notices(run) {
  return [earlyEnd(run.summary), leftOut(run)].filter(Boolean).join(" ");
}

function earlyEnd(summary) {
  const ended = (summary.kinds.deadline || 0) + (summary.kinds.interrupted || 0);
  const waiting = summary.kinds.not_started || 0;
  if (!ended && !waiting) return "";
  return "The run ended early: " + counted(ended, "target was", "targets were") + " in flight, " + counted(waiting, "was", "were") + " not started.";
}

function leftOut({ given, shown, summary }) {
  const holds = "This page holds " + shown.toLocaleString("en") + " of " + counted(summary.targets, "target", "targets");
  if (shown < given) return holds + ": the first ones, and after them those that need a look, as far as there was room. The headline counts all.";
  return shown < summary.targets ? holds + ": those of the verdicts that were asked for. The headline counts all." : "";
}

// So many bars on one axis are too thin to tell apart.
const MANY = 200;

function start() {
  const run = JSON.parse(byId("run").textContent);
  const rows = readRows();
  markChanges(rows, run.summary.baseline);
  const { resumed, peak_in_flight } = run.summary;
  const cuts = resumed ? cutPauses(rows) : [];
  const whole = { ...spanOf(rows), cuts };
  usual.axis = rows.length > MANY ? "sight" : "run";
  let filter = filterFromHash(location.hash);

  function show() {
    const shown = shownRows(rows, filter);
    table.show(shown, filter);
    reflect(filter);
    byId("count").value = shown.length === rows.length ? counted(rows.length, "target", "targets") : shown.length.toLocaleString("en") + " of " + counted(rows.length, "target", "targets");
  }
  function changed(change) {
    change();
    keepInAddress(filter);
    show();
  }

  headline(run);
  byId("run-facts").textContent = runFacts(run, rows, cuts);
  byId("notice").textContent = notices(run);
  byId("notice").hidden = !notices(run);
  byId("legend").replaceChildren(...legend(cuts));
  // How many the earlier starts had in flight is not recorded.
  drawOverview(byId("overview"), rows, whole, resumed ? Infinity : peak_in_flight);
  const table = new Table(whole, (key) => changed(() => sortBy(filter, key)));
  drawChanges(rows, run.summary.baseline, () => filter, changed);
  wireControls(rows, () => filter, changed);
  addEventListener("hashchange", () => {
    filter = filterFromHash(location.hash);
    show();
  });
  show();
}

function sortBy(filter, key) {
  filter.down = filter.sort === key && !filter.down;
  filter.sort = key;
}

start();
