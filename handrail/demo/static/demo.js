// Keeps each phone at its newest text, unless the visitor has scrolled up, and clears what was sent.
const screens = document.querySelectorAll("[data-follow]");
const toEnd = (screen) => { screen.scrollTop = screen.scrollHeight; };
const atEnd = (screen) => screen.scrollHeight - screen.scrollTop - screen.clientHeight < 80;

screens.forEach(toEnd);
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const screen = event.detail.target;
  if (!screen.matches("[data-follow]")) return;
  // The same again is not put in again: a screen reader would read it again.
  if (screen.dataset.seen === event.detail.xhr.responseText) event.detail.shouldSwap = false;
  screen.dataset.seen = event.detail.xhr.responseText;
  screen.dataset.end = atEnd(screen) ? "yes" : "";
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.dataset.end) toEnd(event.detail.target);
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!form.matches("[data-clear]") || !event.detail.successful) return;
  form.reset();
  toEnd(document.getElementById(form.getAttribute("hx-target").slice(1)));
});
