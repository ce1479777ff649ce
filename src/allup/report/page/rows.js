// Rows: the records of the page, and what is worked out of each.

const VERDICTS = ["failed", "unchecked", "flaky", "ok"];
const SIGNS = { ok: "✓", flaky: "~", failed: "✗", unchecked: "?" };

function readRows() {
  const rows = [];
  for (const block of document.querySelectorAll("script.records")) {
    for (const record of JSON.parse(block.textContent)) rows.push(rowOf(record, rows.length));
  }
  return rows;
}

function rowOf(record, index) {
  const began = record.started_at === null ? NaN : Date.parse(record.started_at);
  return {
    index,
    record,
    host: hostOf(record),
    code: codeOf(record),
    // When the last attempt began and ended, and since when it had waited for its turn: epoch milliseconds.
    began,
    ended: began + (record.elapsed_ms || 0),
    // After redirects the wait is that of the last hop, which had begun by then.
    queued: began - (record.redirects.length ? 0 : record.timings_ms.blocked || 0),
    // What has become of it since the baseline; null where there is none.
    change: null,
    haystack: null,
  };
}

function hostOf(record) {
  if (record.failure !== null && record.failure.kind === "invalid_target") return "";
  try {
    return new URL(record.url).host;
  } catch {
    return "";
  }
}

// The status where there is no failure, or it is the status; else what kind of failure it is.
function codeOf(record) {
  const { failure, status } = record;
  return failure !== null && failure.kind !== "status" ? failure.kind : status === null ? "" : String(status);
}

function detailOf(record) {
  if (record.failure !== null) return record.failure.detail;
  return record.verdict === "flaky" ? "as expected at attempt " + record.attempts : "";
}

function haystack(row) {
  if (row.haystack === null) {
    const { record } = row;
    const texts = [record.url, record.name, record.group, record.final_url, record.address, record.source, row.code, CHANGES[row.change]];
    row.haystack = [...texts, detailOf(record), record.content_type].filter(Boolean).join("\n").toLowerCase();
  }
  return row.haystack;
}

// Less than this share of an attempt before its last request is this program's own time, and no hop.
const WORTH_TELLING = 0.02;

// The parts of the last attempt, in order: what it was, and for how many milliseconds.
function partsOf(record) {
  const its = record.timings_ms;
  const wait = its.send === null && its.wait === null ? null : (its.send || 0) + (its.wait || 0);
  const known = [["dns", its.dns], ["connect", its.connect], ["ssl", its.ssl], ["wait", wait], ["receive", its.receive]];
  const last = known.filter(([, ms]) => ms !== null);
  const elapsed = record.elapsed_ms || 0;
  const earlier = elapsed - last.reduce((sum, [, ms]) => sum + ms, 0);
  if (!last.length) return elapsed ? [["whole", elapsed]] : [];
  return earlier > WORTH_TELLING * elapsed ? [["hops", earlier], ...last] : last;
}
