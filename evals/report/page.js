// Filters over the questions, kept in the address; without this script all of them are shown.
"use strict";
(() => {
  const explain = document.getElementById("explain");
  explain.hidden = false;
  explain.addEventListener("click", () => {
    const on = explain.getAttribute("aria-pressed") !== "true";
    explain.setAttribute("aria-pressed", on);
    for (const each of document.querySelectorAll("tbody th details")) each.open = on;
  });

  const form = document.getElementById("filters");
  if (!form) return;
  form.hidden = false;
  const shown = document.getElementById("shown");
  const boxes = [...form.querySelectorAll("[name=verdict]")];
  const lists = [...document.querySelectorAll("section.list")];
  const items = [...document.querySelectorAll("details.question")].map((node) => ({
    node, ...node.dataset, words: null,
  }));

  const wordsOf = (item) => {
    item.words ??= [...item.node.querySelectorAll(".t")]
      .map((each) => each.textContent).join("\n").toLowerCase();
    return item.words;
  };

  const chosen = () => ({
    dataset: form.elements.dataset.value,
    kind: form.elements.kind.value,
    words: form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean),
    verdicts: new Set(boxes.filter((box) => box.checked).map((box) => box.value)),
  });

  function apply() {
    const { dataset, kind, words, verdicts } = chosen();
    const counts = {};
    let count = 0;
    for (const item of items) {
      const fits = (!dataset || item.dataset === dataset) && (!kind || item.kind === kind)
        && words.every((word) => wordsOf(item).includes(word));
      if (fits) counts[item.verdict] = (counts[item.verdict] ?? 0) + 1;
      const visible = fits && (!verdicts.size || verdicts.has(item.verdict));
      if (item.node.hidden === visible) item.node.hidden = !visible;
      count += visible;
    }
    for (const list of lists) list.hidden = !list.querySelector("details.question:not([hidden])");
    for (const box of boxes) box.parentElement.querySelector("output").value = counts[box.value] ?? 0;
    shown.value = `${count} of ${items.length} questions`;
    const kinds = new Set(items.filter((item) => !dataset || item.dataset === dataset)
      .map((item) => item.kind));
    for (const option of form.elements.kind.options) {
      option.disabled = option.value !== "" && !kinds.has(option.value);
    }
  }

  function remember() {
    const kept = new URLSearchParams();
    for (const name of ["dataset", "kind", "text"]) {
      if (form.elements[name].value) kept.set(name, form.elements[name].value);
    }
    for (const box of boxes) if (box.checked) kept.append("verdict", box.value);
    history.replaceState(null, "", `#${kept}`);
  }

  // The filters of the address; an address that names a part of the page leaves them alone.
  function recall() {
    const hash = location.hash.slice(1);
    if (!hash.includes("=")) return false;
    const kept = new URLSearchParams(hash);
    for (const name of ["dataset", "kind", "text"]) form.elements[name].value = kept.get(name) ?? "";
    const verdicts = new Set(kept.getAll("verdict"));
    for (const box of boxes) box.checked = verdicts.has(box.value);
    return true;
  }

  let waiting;
  const changed = () => { remember(); apply(); };
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, event.target.name === "text" ? 150 : 0);
  });
  form.addEventListener("reset", () => { clearTimeout(waiting); waiting = setTimeout(changed); });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("open").addEventListener("click", () => {
    for (const { node } of items) if (!node.hidden) node.open = true;
  });
  document.getElementById("close").addEventListener("click", () => {
    for (const { node } of items) node.open = false;
  });
  window.addEventListener("hashchange", () => {
    if (!recall()) return;
    apply();
    document.getElementById("questions").scrollIntoView();
  });
  if (recall()) document.getElementById("questions").scrollIntoView();
  apply();
})();
