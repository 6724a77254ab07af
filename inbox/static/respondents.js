// What pages for people outside do beyond HTML. Each works without this file.
//
// On the victims' side: leaving goes by `location.replace`, so that Back does not lead here again; and the questions of
// one run take each other's place in the history, so that it holds one entry and not ten.
import { ExitThisPage, initAll } from "/static/vendor/govuk-frontend.min.js";

const exit = document.querySelector(".govuk-js-exit-this-page-button");

// GOV.UK's component covers the page and counts the Shift keys; only the way out is ours.
ExitThisPage.prototype.exitPage = function () {
  document.body.classList.add("govuk-exit-this-page-hide-content");
  this.$overlay = document.createElement("div");
  this.$overlay.className = "govuk-exit-this-page-overlay";
  this.$overlay.setAttribute("role", "alert");
  document.body.append(this.$overlay);
  this.$overlay.textContent = this.i18n.t("activated");
  window.location.replace(exit.href);
};

if (exit) takeEachOthersPlace();
keepTheCursorInItsPlace(document.querySelector(".handrail-chat"));

function takeEachOthersPlace() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-in-place]")) return;
    event.preventDefault();
    const where = event.submitter?.getAttribute("formaction") ?? form.action;
    const fields = new FormData(form, event.submitter);
    const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
    open(where, { method: "POST", body }, () => form.submit());
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-in-place]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link.href, {}, () => window.location.replace(link.href));
  });
}

// Fetch a page and put it in the place of this one; when that does not work, go there as browsers do.
async function open(where, how, otherwise) {
  try {
    const answer = await fetch(where, { ...how, credentials: "same-origin", referrerPolicy: "no-referrer" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("main")) throw new Error("no page");
    show(page);
    history.replaceState(null, "", answer.url);
  } catch {
    otherwise();
  }
}

function show(page) {
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  for (const part of [".govuk-skip-link[data-module]", ".handrail-header", ".handrail-back-nav", "main", "footer"]) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
  const again = page.querySelector(".govuk-js-exit-this-page-button");
  if (again) exit.firstChild.nodeValue = again.textContent;  // the language may be another one
  const main = document.querySelector("main");
  initAll({ scope: main });
  window.scrollTo(0, 0);
  // A screen reader starts where a new page would: at the errors when there are some, else at the heading.
  const start = main.querySelector(".govuk-error-summary") ?? main.querySelector("h1");
  start.tabIndex = -1;
  start.focus();
  start.addEventListener("blur", () => start.removeAttribute("tabindex"), { once: true });
}

// In the chat, whoever sends or taps an answer goes on writing where they were.
function keepTheCursorInItsPlace(chat) {
  if (!chat) return;
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.verb === "post" && event.detail.successful) document.getElementById("text").focus();
  });
}
