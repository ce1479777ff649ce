// Controls: what is asked of the table.

// A choice of so many hosts is a list that nobody reads to its end; there is the search for the rest.
const MOST_HOSTS = 500;

function chips(rows, filter, changed) {
  const counts = tallied(rows, (row) => row.record.verdict);
  const made = VERDICTS.filter((verdict) => counts.get(verdict)).map((verdict) => {
    const label = SIGNS[verdict] + " " + verdict + " " + counts.get(verdict).toLocaleString("en");
    const button = element("button", { type: "button", class: verdict, "data-verdict": verdict }, label);
    button.onclick = () => changed(() => toggle(filter().hidden, verdict));
    return button;
  });
  byId("verdicts").replaceChildren(...made);
}

function toggle(set, value) {
  if (!set.delete(value)) set.add(value);
}

function choices(select, counts, all) {
  const ranked = [...counts].filter(([value]) => value).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const made = ranked.slice(0, MOST_HOSTS).map(([value, count]) => element("option", { value }, value + " (" + count.toLocaleString("en") + ")"));
  select.replaceChildren(element("option", { value: "" }, all), ...made);
  select.closest("label").hidden = ranked.length < 1;
}

function tallied(rows, key) {
  const counts = new Map();
  for (const row of rows) counts.set(key(row), (counts.get(key(row)) || 0) + 1);
  return counts;
}

function wireControls(rows, filter, changed) {
  chips(rows, filter, changed);
  choices(byId("kind"), tallied(rows, (row) => row.record.failure && row.record.failure.kind), "any, or none");
  choices(byId("host"), tallied(rows, (row) => row.host), "all hosts");
  for (const key of ["kind", "host", "axis"]) {
    byId(key).onchange = (event) => changed(() => (filter()[key] = event.target.value));
  }
  let timer = 0;
  byId("search").oninput = (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => changed(() => (filter().text = event.target.value)), 120);
  };
  byId("reset").onclick = () => {
    changed(() => Object.assign(filter(), unfiltered()));
    byId("search").focus();
  };
}

function reflect(filter) {
  for (const button of byId("verdicts").children) {
    button.setAttribute("aria-pressed", String(!filter.hidden.has(button.dataset.verdict)));
  }
  for (const button of byId("change-chips").children) {
    button.setAttribute("aria-pressed", String(filter.change === button.dataset.change));
  }
  // While it is being typed into, the field knows best.
  if (document.activeElement !== byId("search") || !filter.text) byId("search").value = filter.text;
  for (const key of ["kind", "host", "axis"]) byId(key).value = filter[key];
  byId("reset").hidden = filterToHash(filter) === "";
}
