// Changes: what has become of each target since the baseline, where the run has one.

const CHANGES = {
  broke: "broke",
  new: "new",
  recovered: "recovered",
  slower: "slower",
  failed_otherwise: "fails otherwise",
  still_failed: "fails as before",
  unknown: "not known",
  same: "as before",
};

// Rows of which there is no news have no tag: it would be at most of them.
const NEWS = new Set(["broke", "new", "recovered", "slower", "failed_otherwise", "still_failed", "unknown"]);

// What is slower is only known of the run as a whole, and by name of those that lost most.
function markChanges(rows, baseline) {
  const slower = new Set(baseline === null ? [] : baseline.slowest.map(keyOf));
  for (const row of rows) {
    const its = row.record.baseline;
    row.change = its === null ? null : its.change === "same" && slower.has(keyOf(row.record)) ? "slower" : its.change;
  }
}

function keyOf({ url, name }) {
  return JSON.stringify([url, name]);
}

function tagOf(row) {
  return NEWS.has(row.change) ? element("span", { class: "change " + colorOf(row) }, CHANGES[row.change]) : null;
}

function colorOf({ change, record }) {
  if (change === "broke" || (change === "new" && record.verdict === "failed")) return "failed";
  return { recovered: "ok", slower: "flaky" }[change] || "quiet";
}

function changeFacts(row) {
  const its = row.record.baseline;
  if (its === null) return null;
  return element("section", {}, element("h3", {}, "Since the baseline"), list([
    ["change", CHANGES[row.change]],
    ["verdict then", its.verdict === null ? null : its.verdict + (its.kind === null ? "" : ", " + its.kind)],
    ["time then", its.elapsed_ms === null ? null : duration(its.elapsed_ms)],
  ]));
}

function drawChanges(rows, baseline, filter, changed) {
  byId("changes").hidden = baseline === null;
  if (baseline === null) return;
  const counts = tallied(rows, (row) => row.change);
  const shown = Object.keys(CHANGES).filter((change) => counts.get(change));
  const made = shown.map((change) => {
    const label = CHANGES[change] + " " + counts.get(change).toLocaleString("en");
    const button = element("button", { type: "button", class: "choice", "data-change": change }, label);
    button.onclick = () => changed(() => (filter().change = filter().change === change ? "" : change));
    return button;
  });
  byId("change-chips").replaceChildren(...made);
  byId("changes-told").textContent = changesTold(baseline);
  byId("changes-lists").replaceChildren(...[
    named("slower", baseline.slower, baseline.slowest, (one) => ": " + duration(one.baseline_ms) + ", now " + duration(one.elapsed_ms)),
    named("gone", baseline.gone, baseline.first_gone, () => ""),
  ].filter(Boolean));
}

function changesTold({ new_failed, gone, shift }) {
  return [
    new_failed ? counted(new_failed, "of the new ones failed", "of the new ones failed") : null,
    gone === null ? "the list was not read to its end: what is gone is not known" : null,
    shift !== null && Math.abs(shift - 1) >= 0.05 ? "everything takes " + shift.toFixed(2) + " times as long as then" : null,
  ].filter(Boolean).join(" · ");
}

function named(title, count, targets, word) {
  if (!count) return null;
  const items = targets.map((one) => element("li", {}, one.name === null ? null : element("span", { class: "name" }, one.name), link(one.url), word(one)));
  if (count > targets.length) items.push(element("li", { class: "quiet" }, "and " + (count - targets.length).toLocaleString("en") + " more"));
  const order = title === "slower" ? ", the one that lost most time first" : "";
  return element("details", {}, element("summary", {}, count.toLocaleString("en") + " " + title + order), element("ul", {}, ...items));
}
