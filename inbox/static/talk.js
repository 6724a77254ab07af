// The reply box: Ctrl and Enter sends, "/" opens the ready texts and puts one into the box, which can be undone.
// Every button works without this file.
const form = document.getElementById("reply");
const body = document.getElementById("body");
const ready = document.getElementById("ready");
const find = document.getElementById("find-ready");

if (form && body) {
  form.addEventListener("keydown", sendWithEnter);
  // What is kept is said beside the box; what has changed since is not yet kept.
  body.addEventListener("input", () => { if (body.value === "/" && ready) openReady(); });
}
if (ready && find) {
  find.parentElement.hidden = false;
  find.addEventListener("input", showMatches);
  ready.addEventListener("keydown", moveBetween);
  for (const one of choices()) one.addEventListener("click", (event) => { event.preventDefault(); use(one); });
}

function sendWithEnter(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-send]"));
}

function openReady() {
  ready.open = true;
  find.value = "";
  showMatches();
  find.focus();
}

function choices() {
  return [...ready.querySelectorAll(".handrail-ready__one")];
}

function showMatches() {
  const words = find.value.toLowerCase().split(/\s+/);
  for (const one of choices()) {
    const said = one.textContent.toLowerCase();
    one.hidden = !words.every((word) => said.includes(word));
  }
  for (const group of ready.querySelectorAll("fieldset")) {
    group.hidden = !group.querySelector(".handrail-ready__one:not([hidden])");
  }
  document.getElementById("ready-none").hidden = choices().some((one) => !one.hidden);
}

// Arrows go from one to the next, Enter in the search takes the first, Escape goes back to the box.
function moveBetween(event) {
  const shown = choices().filter((one) => !one.hidden);
  const here = shown.indexOf(document.activeElement);
  if (event.key === "Escape") {
    ready.open = false;
    if (body.value === "/") replace("");
    body.focus();
  } else if (event.key === "ArrowDown") {
    (shown[here + 1] ?? shown[0])?.focus();
  } else if (event.key === "ArrowUp") {
    (here > 0 ? shown[here - 1] : find).focus();
  } else if (event.key === "Enter" && document.activeElement === find) {
    if (shown[0]) use(shown[0]);
  } else {
    return;
  }
  event.preventDefault();
}

function use(one) {
  const before = body.value.trimStart().startsWith("/") ? "" : body.value.trimEnd();
  const words = one.querySelector(".handrail-ready__words").textContent;
  replace(before ? `${before}\n${words}` : words);
  ready.open = false;
  body.focus();
}

// As if it were typed: the count and the draft follow, and the browser can undo it.
function replace(words) {
  body.focus();
  body.select();
  if (!document.execCommand("insertText", false, words) || body.value !== words) {
    body.value = words;
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
