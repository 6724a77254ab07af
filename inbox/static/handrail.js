// What the pages do beyond HTML: GOV.UK's components, the newest message in sight, the warning before signing out.
// Every page works without this file.
import { initAll } from "/static/vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
keepNewestInSight(document.getElementById("stream"));
warnBeforeSigningOut(document.getElementById("timeout"));

// Scrolls to the newest message, but never away from where somebody is reading.
function keepNewestInSight(stream) {
  if (!stream) return;
  const end = () => { stream.scrollTop = stream.scrollHeight; };
  let following = true;
  stream.addEventListener("scroll", () => {
    following = stream.scrollHeight - stream.scrollTop - stream.clientHeight < 40;
  });
  stream.addEventListener("htmx:afterSwap", () => { if (following) end(); });
  new ResizeObserver(() => { if (following) end(); }).observe(stream);
  end();
}

// WCAG 2.2.1: two minutes' warning, and one button to stay.
function warnBeforeSigningOut(dialog) {
  if (!dialog) return;
  const left = dialog.querySelector("#timeout-left");
  const idle = Number(dialog.dataset.endsIn) * 1000;
  let ends = Date.now() + idle;
  dialog.querySelector("[data-stay]").addEventListener("click", () => dialog.close());
  // What the worker sends counts as being there; what the page fetches by itself does not.
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.verb !== "get" && event.detail.successful) ends = Date.now() + idle;
  });
  setInterval(() => {
    const seconds = Math.round((ends - Date.now()) / 1000);
    if (seconds <= 0) window.location.assign("/sign-in");
    if (seconds > 120) return;
    const minutes = Math.ceil(seconds / 60);
    left.textContent = minutes > 1 ? `${minutes} minutes` : "1 minute";
    if (!dialog.open) dialog.showModal();
  }, 5000);
}

// The chat's form: emptied when the message is in, kept with a word when it is not. The cursor stays where it is.
for (const form of document.querySelectorAll("[data-clear-after]")) {
  const problem = form.querySelector("[data-problem-here]");
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form) return;
    if (event.detail.successful) form.reset();
    problem.textContent = event.detail.successful ? "" : form.dataset.problem;
  });
}
