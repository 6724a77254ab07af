// "Send where I am": offered only where the browser can tell. The page works without this file, and without the button.
const form = document.querySelector("[data-place]");
if (form && "geolocation" in navigator) {
  const problem = form.querySelector("[data-problem-here]");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.latitude.value) return;
    event.preventDefault();
    problem.textContent = "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(5);
        form.elements.longitude.value = coords.longitude.toFixed(5);
        form.requestSubmit();
      },
      () => { problem.textContent = form.dataset.problem; },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
    );
  });
}
