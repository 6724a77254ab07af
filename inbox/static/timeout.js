// The warning before signing out (WCAG 2.2.1): two minutes' notice, one button to stay. All tabs of a browser share
// one session, so they share one clock: what is done in one tells the others, and so does staying.
const KEY = "handrail-session-ends";

export function warnBeforeSigningOut(dialog) {
  if (!dialog) return;
  const left = dialog.querySelector("#timeout-left");
  const full = Number(dialog.dataset.endsIn);
  const lasts = (seconds) => { if (seconds > 0) localStorage.setItem(KEY, String(Date.now() + seconds * 1000)); };
  const ends = () => Number(localStorage.getItem(KEY)) || Date.now();
  lasts(full); // the page has just been asked for, and that counts
  dialog.querySelector("[data-stay]").addEventListener("click", () => dialog.close());
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { requestConfig, successful, xhr } = event.detail;
    if (!successful || requestConfig.verb === "get") return; // what the page fetches by itself is nobody's doing
    lasts(requestConfig.path === "/session/extend" ? Number(xhr.responseText) : full);
  });
  const look = () => {
    const seconds = Math.round((ends() - Date.now()) / 1000);
    if (seconds <= 0) window.location.assign(`/sign-in?over=1&next=${encodeURIComponent(window.location.pathname)}`);
    if (seconds > 120 && dialog.open) dialog.close(); // somebody stayed, in another tab
    if (seconds > 120) return;
    const minutes = Math.ceil(seconds / 60);
    left.textContent = minutes > 1 ? `${minutes} minutes` : "1 minute";
    if (!dialog.open) dialog.showModal();
  };
  window.addEventListener("storage", (event) => { if (event.key === KEY) look(); });
  setInterval(look, 5000);
}
