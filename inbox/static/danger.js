// The banner of a cry for help: heard once, if the worker wants that. Server and htmx keep its words; without this file
// it stands there all the same.
const banner = document.getElementById("danger");
const HEARD = "handrail-heard";

if (banner) {
  sound();
  banner.addEventListener("htmx:afterSwap", sound);
}

// Each cry once in this tab, not on every page.
function sound() {
  const open = [...banner.querySelectorAll("[data-open]")].map((each) => each.dataset.danger);
  const heard = new Set((sessionStorage.getItem(HEARD) || "").split(" "));
  const fresh = open.filter((ref) => !heard.has(ref));
  if (!fresh.length) return;
  sessionStorage.setItem(HEARD, [...heard, ...fresh].join(" "));
  if (banner.dataset.sound === "on") ring();
}

// Two soft tones, twice. A browser that was not clicked on yet stays silent: that is its rule.
function ring() {
  const context = new AudioContext();
  const volume = context.createGain();
  volume.gain.value = 0.2;
  volume.connect(context.destination);
  [660, 880, 660, 880].forEach((pitch, place) => {
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume);
    tone.start(context.currentTime + place * 0.25);
    tone.stop(context.currentTime + place * 0.25 + 0.2);
  });
}
