// Details: all that is known of one target, in a panel; arrow keys go on to its neighbours.

function showDetails(row, position, move) {
  const panel = byId("details");
  const focused = panel.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
  const { record } = row;
  const parts = [
    panelTop(panel, position, move),
    element("h2", { id: "details-title", tabindex: "-1" }, record.name || record.url),
    judgement(record),
    failure(record),
    changeFacts(row),
    element("h3", {}, "The last attempt"),
    phases(row),
    hops(record),
    addresses(record),
    facts(record),
    asJson(record),
  ];
  panel.replaceChildren(...parts.filter(Boolean));
  panel.onkeydown = (event) => neighbour(event, move);
  if (!panel.open) panel.showModal();
  // Who goes on by a button stays on it; anybody else hears first what this is about.
  const next = focused && panel.querySelector('[aria-label="' + focused + '"]');
  (next || byId("details-title")).focus({ preventScroll: true });
  panel.scrollTop = 0;
}

function panelTop(panel, position, move) {
  const place = element("span", { class: "place quiet" }, position);
  const before = element("button", { type: "button", "aria-label": "Previous target" }, "↑");
  const after = element("button", { type: "button", "aria-label": "Next target" }, "↓");
  const close = element("button", { type: "button" }, "Close");
  before.onclick = () => move(-1);
  after.onclick = () => move(1);
  close.onclick = () => panel.close();
  return element("div", { class: "top" }, place, before, after, close);
}

function neighbour(event, move) {
  if (event.target.closest("summary, pre")) return;
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  move(step);
}

function judgement(record) {
  const verdict = element("strong", { class: record.verdict }, SIGNS[record.verdict] + " " + record.verdict);
  const status = record.status === null ? "no answer" : "status " + record.status;
  return element("p", {}, verdict, ", " + status + ", " + counted(record.attempts, "attempt", "attempts"));
}

function failure(record) {
  if (record.failure === null) return record.verdict === "flaky" ? element("p", {}, detailOf(record)) : null;
  const its = record.failure;
  return list([
    ["what", its.detail],
    ["kind", its.kind + ", " + its.certainty + (its.phase === null ? "" : ", in " + its.phase)],
    ["hint", its.hint],
  ]);
}

function phases(row) {
  const { record } = row;
  if (Number.isNaN(row.began)) return element("p", { class: "quiet" }, "None came to its end.");
  const made = element("div", { class: "phases" });
  const blocked = record.timings_ms.blocked;
  if (blocked) made.append(element("span", {}, "blocked"), element("span", { class: "quiet" }, "waited for its turn; in no timeout"), element("span", {}, duration(blocked)));
  const total = Math.max(record.elapsed_ms || 0, 0.1);
  let at = 0;
  for (const [part, ms] of partsOf(record)) {
    const drawn = element("i", { class: part });
    drawn.style.left = (100 * at) / total + "%";
    drawn.style.width = (100 * ms) / total + "%";
    made.append(element("span", {}, PARTS[part] || "in all"), element("div", { class: "bar", "aria-hidden": "true" }, drawn), element("span", {}, duration(ms)));
    at += ms;
  }
  made.append(element("strong", {}, "in all"), element("span"), element("strong", {}, duration(record.elapsed_ms)));
  return made;
}

function hops(record) {
  if (!record.redirects.length) return null;
  const made = element("ol");
  for (const hop of record.redirects) made.append(element("li", {}, hop.status + " from ", link(hop.url)));
  if (record.final_url !== null) made.append(element("li", {}, (record.status === null ? "then" : record.status + " from") + " ", link(record.final_url)));
  return element("section", {}, element("h3", {}, "Redirects"), made);
}

function addresses(record) {
  if (record.addresses === null || !record.addresses.length) return null;
  const told = record.addresses.map((one) => [one.address || "others", addressText(one)]);
  return element("section", {}, element("h3", {}, "Its addresses"), list(told));
}

function addressText(one) {
  const parts = [SIGNS[one.verdict] + " " + one.verdict, one.status, one.failure && one.failure.detail, one.elapsed_ms !== null && duration(one.elapsed_ms)];
  return parts.filter(Boolean).join(", ");
}

function facts(record) {
  const { tls } = record;
  const listed = record.source === null ? "as an argument" : record.source + (record.line === null ? "" : ":" + record.line);
  return element("section", {}, element("h3", {}, "The target"), list([
    ["url", record.failure !== null && record.failure.kind === "invalid_target" ? record.url : link(record.url)],
    ["listed", listed],
    ["group", record.group],
    ["method", record.method],
    ["began", record.started_at],
    ["address", record.address],
    ["HTTP", record.http_version],
    ["type", record.content_type],
    ["length", record.content_length === null ? null : counted(record.content_length, "byte", "bytes")],
    ["TLS", tls === null ? null : tls.version],
    ["certificate", tls === null || tls.expires_at === null ? null : "until " + tls.expires_at + " (" + counted(tls.days_left, "day", "days") + " left)"],
  ]));
}

function list(pairs) {
  const made = element("dl");
  for (const [term, value] of pairs) {
    if (value !== null) made.append(element("dt", {}, term), element("dd", {}, value));
  }
  return made;
}

function asJson(record) {
  // Line ends of the layout are ours; those of a text are escaped by JSON itself.
  const text = JSON.stringify(record, null, 1).split("\n").map(printable).join("\n");
  const pre = element("pre", { tabindex: "0" });
  pre.textContent = text;
  return element("details", {}, element("summary", {}, "The record as JSON"), pre);
}
