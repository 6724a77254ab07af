// The list: how many are selected, in words, and all of them at once. Works without this file, one box at a time.
const list = document.getElementById("list");
const words = document.getElementById("selected");

if (list && words) {
  const all = document.createElement("button");
  all.type = "button";
  all.className = "handrail-link-button";
  words.parentElement.append(all);
  all.addEventListener("click", () => {
    const select = chosen() < boxes().length;
    boxes().forEach((box) => { box.checked = select; });
    say();
  });
  list.addEventListener("change", say);
  say();

  function say() {
    const number = chosen();
    words.textContent = number ? `${number} selected:` : "Select conversations to:";
    all.textContent = number < boxes().length ? "Select all on this page" : "Select none";
  }
}

function boxes() { return [...list.querySelectorAll("[name=item]")]; }
function chosen() { return boxes().filter((box) => box.checked).length; }
