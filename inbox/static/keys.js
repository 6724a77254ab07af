// Single keys: the list's own here, all others by what carries data-key on the page. Never while somebody writes, and
// left out altogether for who turned them off (WCAG 2.2, 2.1.4).
const GO = { i: "/inbox", p: "/people", a: "/appointments" };
const VERBS = { t: "take", a: "assign", s: "aside", e: "close" };
const rows = [...document.querySelectorAll("[data-row]")];
const sheet = document.getElementById("keys");
let going = false; // after "g"
let current = rows.findIndex((row) => row.id && `#${row.id}` === location.hash);
if (current >= 0) stand(current);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target) || document.querySelector("dialog[open]")) return;
  const done = going ? go(event.key) : press(event.key);
  if (done) event.preventDefault();
});

function writing(element) {
  return element.matches("input:not([name=item]), textarea, select, [contenteditable]");
}

function go(key) {
  going = false;
  if (GO[key]) location.assign(GO[key]);
  return Boolean(GO[key]);
}

function press(key) {
  if (key === "g") return (going = true);
  if (key === "?") { sheet.showModal(); return true; }
  if (rows.length && onList(key)) return true;
  const wanted = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!wanted) return false;
  act(wanted);
  return true;
}

// What folds opens, and the cursor goes to its first question; a field gets the cursor; all else is pressed.
function act(element) {
  if (element.matches("summary")) {
    element.parentElement.open = true;
    element.parentElement.querySelector("form input:not([type=hidden]), form textarea, form select, form button")?.focus();
  } else if (element.matches("input, textarea, select")) {
    element.focus();
    element.scrollIntoView({ block: "nearest" });
  } else {
    element.click();
  }
}

function onList(key) {
  if (key === "j" || key === "ArrowDown") return stand(Math.min(current + 1, rows.length - 1));
  if (key === "k" || key === "ArrowUp") return stand(Math.max(current - 1, 0));
  const row = rows[current];
  if (key === "x" && row) {
    row.querySelector("[name=item]")?.click();
    return true;
  }
  return VERBS[key] ? together(VERBS[key], row) : false;
}

function stand(place) {
  rows[current]?.classList.remove("handrail-list__current");
  current = place;
  rows[current].classList.add("handrail-list__current");
  rows[current].querySelector("a").focus();
  rows[current].scrollIntoView({ block: "nearest" });
  return true;
}

// On what is selected, else on the row where one stands.
function together(verb, row) {
  const boxes = rows.map((each) => each.querySelector("[name=item]")).filter(Boolean);
  const button = document.querySelector(`#list [name=verb][value=${verb}]`);
  if (!button || (!row && !boxes.some((box) => box.checked))) return false;
  if (!boxes.some((box) => box.checked)) row.querySelector("[name=item]").checked = true;
  button.click();
  return true;
}
