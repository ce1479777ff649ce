// The page of a comparison: tells what a bar is, and where the same target is in the other strategies.

const told = document.getElementById("told");
const bars = [...document.querySelectorAll("svg.lanes rect")];
const byTarget = new Map();

function wordsOf(bar) {
  return bar.querySelector("title").textContent;
}

// A target may have any text in its name; the last colon is ours.
function targetOf(bar) {
  const words = wordsOf(bar);
  return words.slice(0, words.lastIndexOf(": from "));
}

function point(bar) {
  for (const one of document.querySelectorAll(".here, .same")) one.classList.remove("here", "same");
  for (const one of byTarget.get(targetOf(bar))) one.classList.add(one === bar ? "here" : "same");
  told.textContent = wordsOf(bar);
  told.classList.remove("quiet");
}

function keys(svg) {
  // In the order in which they began, as they stand there from left to right.
  const ordered = [...svg.querySelectorAll("rect")].sort((a, b) => a.x.baseVal.value - b.x.baseVal.value);
  let at = -1;
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || !ordered.length) return;
    at = Math.max(0, Math.min(ordered.length - 1, at + step));
    point(ordered[at]);
    event.preventDefault();
  });
}

for (const bar of bars) {
  const target = targetOf(bar);
  byTarget.set(target, [...(byTarget.get(target) || []), bar]);
}
document.addEventListener("pointerover", (event) => {
  if (event.target.closest("svg.lanes rect")) point(event.target.closest("rect"));
});
for (const svg of document.querySelectorAll("svg.lanes")) keys(svg);
