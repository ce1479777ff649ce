// Pauses: between two starts of a run that was resumed nothing was in flight, for hours at times. They are cut short.

// What a pause is, and what is left of it: shares of the time in which something was in flight.
const PAUSE_FROM = 0.1;
const PAUSE_LEFT = 0.02;

// Moves the rows together by what is cut, and says where, for how long, and what was cut up to there.
function cutPauses(rows) {
  const timed = rows.filter((row) => !Number.isNaN(row.began)).sort((a, b) => a.queued - b.queued);
  const idle = idleBefore(timed);
  const all = idle.reduce((sum, ms) => sum + ms, 0);
  const busy = Math.max(spanOf(timed).length - all, 0.1);
  const cuts = [];
  let cut = 0;
  timed.forEach((row, index) => {
    const ms = idle[index];
    if (ms > PAUSE_FROM * busy) {
      const length = PAUSE_LEFT * busy;
      const at = row.queued - ms - cut;
      cut += ms - length;
      cuts.push({ at, length, ms, cut });
    }
    for (const moment of ["queued", "began", "ended"]) row[moment] -= cut;
  });
  return cuts;
}

// For how many milliseconds nothing was in flight or waited for its turn before each row, in their order.
function idleBefore(timed) {
  let until = Infinity;
  return timed.map((row) => {
    const ms = Math.max(0, row.queued - until);
    until = until === Infinity ? row.ended : Math.max(until, row.ended);
    return ms;
  });
}

// How much was cut before a moment of the axis.
function cutBefore(axis, moment) {
  return axis.cuts.reduce((most, { at, cut }) => (at < moment ? cut : most), 0);
}

function pausesTold(cuts) {
  const all = cuts.reduce((sum, { ms }) => sum + ms, 0);
  const once = cuts.length === 1;
  return (once ? "a pause of " + duration(all) + " is" : cuts.length + " pauses of " + duration(all) + " in all are") + " cut short below";
}
