// What the pages do beyond HTML: GOV.UK's components, the newest message in sight, the warning before signing out.
// Every page works without this file.
import { initAll } from "/static/vendor/govuk-frontend.min.js";
import { warnBeforeSigningOut } from "/static/timeout.js";

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

// The chat's form: emptied when the message is in, kept with a word when it is not. The cursor stays where it is.
for (const form of document.querySelectorAll("[data-clear-after]")) {
  const problem = form.querySelector("[data-problem-here]");
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form) return;
    if (event.detail.successful) form.reset();
    problem.textContent = event.detail.successful ? "" : form.dataset.problem;
  });
}
