// Text: what others wrote is only ever text here, never markup.

// What reorders, hides or breaks the text around it is shown as an escape, as in all of allup's output.
const HARMFUL =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\u{e0000}-\u{e007f}]/gu;
const SHORT = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function printable(text) {
  return String(text).replace(HARMFUL, (character) => SHORT[character] || escaped(character.codePointAt(0)));
}

function escaped(code) {
  if (code <= 0xff) return "\\x" + code.toString(16).padStart(2, "0");
  return code <= 0xffff ? "\\u" + code.toString(16).padStart(4, "0") : "\\U" + code.toString(16).padStart(8, "0");
}

// An element with attributes; children that are no elements become printable text.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children) {
    if (child !== null && child !== undefined) made.append(child instanceof Node ? child : printable(child));
  }
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

// 481ms, 1.08s, 4m 02s
function duration(ms) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return "-";
  if (ms < 9.95) return (ms ? ms.toFixed(1) : "0") + "ms";
  if (ms < 999.5) return Math.round(ms) + "ms";
  if (ms < 59950) return Number((ms / 1000).toPrecision(3)) + "s";
  const seconds = Math.round(ms / 1000);
  return Math.floor(seconds / 60) + "m " + String(seconds % 60).padStart(2, "0") + "s";
}

function counted(count, one, many) {
  return count.toLocaleString("en") + " " + (count === 1 ? one : many);
}

function link(url) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return document.createTextNode(printable(url));
  }
  // Any other scheme could run something, or lead to what is on this machine.
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") return document.createTextNode(printable(url));
  return element("a", { href: parsed.href, rel: "noreferrer noopener", target: "_blank" }, url);
}
