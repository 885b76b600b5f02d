// What a click or a key does.

const ACTIONS = {
  new: newConversation,
  stop,
  retry: (control) => {
    state.replace = Number(control.dataset.turn);
    ask(document.querySelector(`#turn${state.replace} .question`).textContent);
  },
  edit: (control) => edit(Number(control.dataset.turn),
    document.querySelector(`#turn${control.dataset.turn} .question`).textContent, "You are changing the last question."),
  "edit-search": (control) => edit(
    Number(control.dataset.turn) === state.records.length - 1 ? Number(control.dataset.turn) : null,
    control.parentElement.querySelector("q").textContent, "You are changing what is searched."),
  example: (control) => ask(control.textContent),
  previous: () => step(-1),
  next: () => step(1),
  sources: () => showSources(state.at.turn),
  close: closePanel,
  whole: () => openArticle({ ...state.place, whole: true }, state.at),
  more,
  vote,
  "copy-link": async (control) => {
    const link = control.parentElement.querySelector(".permalink");
    try { await navigator.clipboard.writeText(link.href); control.textContent = "Copied"; }
    catch { getSelection().selectAllChildren(link); control.textContent = "Not allowed: use the link beside it"; }
    say(control.textContent);
  },
  "remove-filter": (control) => removeFilter(control.dataset.value, control.dataset.name),
  "open-conversation": (control) => openConversation(control.dataset.value),
  "delete-conversation": (control) => deleteConversations([control.dataset.value]),
  "delete-all": () => {
    const ids = storage.get("conversations", []).map((item) => item.id);
    if (ids.length && confirm(`Delete all ${ids.length} conversations of this browser?`)) deleteConversations(ids);
  },
  export: (control) => exportAs(control.dataset.value),
};

function listen() {
  root.addEventListener("click", (event) => {
    const chip = event.target.closest(".chip");
    if (chip && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openCitation(chip.dataset.turn, chip.dataset.number, chip);
    }
    const control = event.target.closest("[data-action]");
    if (control && control.getAttribute("aria-disabled") !== "true") ACTIONS[control.dataset.action](control);
    root.querySelectorAll(".menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  root.addEventListener("mouseover", (event) => {
    const chip = event.target.closest(".chip");
    clearTimeout(timer);
    if (chip) timer = setTimeout(showCard, 60, chip);
    else if (!event.target.closest(".card")) timer = setTimeout(hideCard, 200);
  });
  root.addEventListener("focusin", (event) => {
    if (event.target.matches(".chip")) showCard(event.target); else hideCard();
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    ask($("#question-box").value);
  });
  root.addEventListener("input", (event) => { if (event.target.id === "question-box") hint(); });
  root.addEventListener("change", (event) => {
    const name = event.target.dataset.filter;
    if (!name) return;
    setFilter(name, event.target.value);
    if (name === "publisher") event.target.value = "";
  });
  root.addEventListener("toggle", async (event) => {
    const place = event.target.matches(".retrieval[open]") && event.target.querySelector("[data-question]");
    if (!place) return;
    const turn = event.target.closest(".turn").id.slice(4), { filters } = state.records[turn] ?? {};
    const reply = await call("retrieval", { question: place.dataset.question, filters });
    if (!reply.error) place.innerHTML = reply.html;
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[role=tab]")) setTimeout(() => { if (root.offsetParent) { fit(); refresh([]); } }, 50);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "question-box" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      ask(event.target.value);
    } else if (event.target.dataset?.filter && event.key === "Enter") {
      event.preventDefault();
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (event.key === "Escape" && root.isConnected) escape();
  });
}

function escape() {
  if (hideCard()) return;
  const menu = $(".menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  else if (state.replace !== null) { state.replace = null; $("#question-box").value = ""; hint(); }
  else if (state.place) closePanel();
}
