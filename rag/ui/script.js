// The chat page: it sends questions, places the HTML that the server renders, opens articles, and
// keeps conversations and settings in the browser. Text from outside enters as text only; HTML
// comes from the server alone, which escapes it.
window.onRecord = (() => {
  "use strict";
  const state = {
    records: [], id: null, filters: { publishers: [] }, ticket: null, turn: 0, partial: null,
    replace: null, place: null, at: null, opener: null, maxChars: 4000,
    frames: 0, stopped: -1000,
  };
  let root, trigger, server;
  const $ = (selector) => root.querySelector(selector);
  const wide = () => matchMedia("(min-width: 900px)").matches;

  // ---- what the browser keeps ----
  const storage = {
    get(name, fallback) {
      try { return JSON.parse(localStorage.getItem("on-record:" + name)) ?? fallback; }
      catch { return fallback; }
    },
    set(name, value) {
      try { localStorage.setItem("on-record:" + name, JSON.stringify(value)); return true; }
      catch { return false; }
    },
    remove(name) { try { localStorage.removeItem("on-record:" + name); } catch { /* none */ } },
  };
  const session = {
    get(name) { try { return JSON.parse(sessionStorage.getItem("on-record:" + name)); } catch { return null; } },
    set(name, value) { try { sessionStorage.setItem("on-record:" + name, JSON.stringify(value)); } catch { /* none */ } },
  };

  function save() {
    if (!state.records.length) return;
    state.id ??= Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
    session.set("current", state.id);
    const others = storage.get("conversations", []).filter((item) => item.id !== state.id);
    const list = [{ id: state.id, title: state.records[0].question.slice(0, 120), updated: Date.now() }, ...others];
    while (!storage.set("conversation:" + state.id, state.records) || !storage.set("conversations", list)) {
      if (list.length < 2) { say("This browser has no room left to keep the conversation."); return; }
      storage.remove("conversation:" + list.pop().id);
    }
    listConversations();
  }

  function listConversations() {
    const list = storage.get("conversations", []);
    $("#past summary").textContent = `Conversations (${list.length})`;
    $("#conversations").replaceChildren(...list.map((item) => {
      const line = make("li", item.id === state.id ? "current" : "");
      const open = button("open-conversation", item.title, item.id);
      if (item.id === state.id) open.setAttribute("aria-current", "true");
      const gone = button("delete-conversation", "Delete", item.id);
      gone.setAttribute("aria-label", "Delete the conversation " + item.title);
      line.append(open, make("span", "quiet", new Date(item.updated).toLocaleDateString("en-GB", { day: "numeric", month: "short" })), gone);
      return line;
    }));
  }

  async function openConversation(id) {
    state.records = storage.get("conversation:" + id, []);
    state.id = id;
    session.set("current", id);
    showTurns((await call("open_conversation", { records: state.records })).turns);
    listConversations();
  }

  function deleteConversations(ids) {
    const list = storage.get("conversations", []).filter((item) => !ids.includes(item.id));
    ids.forEach((id) => storage.remove("conversation:" + id));
    storage.set("conversations", list);
    if (ids.includes(state.id)) newConversation(); else listConversations();
    say(ids.length === 1 ? "Conversation deleted." : "All conversations deleted.");
  }

  function newConversation() {
    if (state.ticket) stop();
    Object.assign(state, { records: [], id: null, replace: null });
    session.set("current", null);
    showTurns([]);
    closePanel();
    listConversations();
    $("#question-box").focus();
  }

  function showTurns(turns = []) {
    $("#conversation").replaceChildren(...turns.map(parse));
    $("#welcome").hidden = turns.length > 0;
    $("#export").hidden = !turns.length;
    showVotes();
    if (turns.length) showSources(turns.length - 1); else emptyPanel();
    $("#conversation").lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  // ---- asking ----
  function ask(question) {
    if (state.ticket) return;
    const turn = state.replace ?? state.records.length;
    state.replace = null;
    state.records.length = Math.min(turn, state.records.length);
    [...$("#conversation").children].slice(turn).forEach((old) => old.remove());
    $("#welcome").hidden = true;
    const waiting = make("article", "turn");
    waiting.id = "turn" + turn;
    waiting.setAttribute("aria-busy", "true");
    const above = make("div", "above"), list = make("ol", "statements");
    list.setAttribute("role", "list");
    above.append(make("p", "status", "Searching the articles …"));
    waiting.append(make("h2", "question", question), above, list, make("div", "below"));
    $("#conversation").append(waiting);
    waiting.scrollIntoView({ block: "start" });
    $("#question-box").value = "";
    session.set("draft", "");
    hint();
    Object.assign(state, { ticket: Math.random().toString(36).slice(2), turn, partial: null });
    busy(true);
    const history = state.records.flatMap((record) => [
      { role: "user", content: record.question },
      { role: "assistant", content: record.answer.text },
    ]);
    watchOver(state.ticket);
    const request = { ticket: state.ticket, turn, question, history, filters: state.filters };
    // Gradio cancels by function, so what is asked too soon after a stop would be stopped as well.
    setTimeout(() => trigger("ask", request), Math.max(0, state.stopped + 300 - performance.now()));
  }

  function receive(frame) {
    if (!frame || frame.ticket !== state.ticket) return; // of a question that was stopped
    state.frames += 1;
    const turn = document.getElementById("turn" + state.turn);
    const before = turn.querySelectorAll(".statements > li").length;
    merge(turn, parse(frame.html));
    [...turn.querySelectorAll(".statements > li .text")].slice(before).forEach((text) => say(text.textContent));
    state.partial = frame.record;
    if (frame.done) finish(turn);
  }

  function finish(turn) {
    Object.assign(state, { ticket: null });
    busy(false);
    turn.removeAttribute("aria-busy");
    if (!state.partial) return;
    state.records[state.turn] = state.partial;
    save();
    $("#export").hidden = false;
    showVotes();
    say(turn.querySelector(".summary, .refusal, .reply")?.textContent ?? "");
    showSources(state.turn);
  }

  function stop() {
    trigger("stop", {});
    state.stopped = performance.now();
    const turn = document.getElementById("turn" + state.turn);
    turn.querySelector(".status")?.remove();
    const note = make("p", "notice", "Stopped. ");
    note.append(button("retry", "Ask again"));
    note.lastChild.dataset.turn = state.turn;
    turn.querySelector(".below").append(note);
    finish(turn);
    say("Stopped.");
  }

  // Gradio says that an answer failed, not which: after a stop it may be the stopped one. When
  // no step of the awaited answer follows, it is that one.
  function maybeFailed() {
    const { ticket, frames } = state;
    if (ticket) setTimeout(() => { if (state.ticket === ticket && state.frames === frames) failed(); }, 1000);
  }

  function failed() {
    if (!state.ticket) return;
    state.partial = null;
    const turn = document.getElementById("turn" + state.turn);
    const note = make("p", "error", "The page got no answer: the server is busy or has stopped. ");
    note.setAttribute("role", "alert");
    note.append(button("retry", "Try again"));
    note.lastChild.dataset.turn = state.turn;
    turn.querySelector(".above").replaceChildren(note);
    // Gradio loads the page anew when the server is back; the question waits in the box.
    $("#question-box").value = turn.querySelector(".question").textContent;
    session.set("draft", $("#question-box").value);
    finish(turn);
  }

  function edit(turn, text, message) {
    state.replace = turn;
    $("#question-box").value = text;
    $("#question-box").focus();
    hint(message + " Escape leaves it as it is.");
  }

  // Gradio tells nobody when the server has gone while an answer was awaited.
  async function watchOver(ticket) {
    while (state.ticket === ticket) {
      await new Promise((wake) => setTimeout(wake, 3000));
      if (state.ticket === ticket && (await send("open_conversation", {})).lost) failed();
    }
  }

  function busy(on) {
    $("#ask").hidden = on;
    $("#stop").hidden = !on;
  }

  function hint(text) {
    const length = $("#question-box").value.length;
    const over = length > state.maxChars;
    $("#hint").classList.toggle("error", over);
    $("#hint").textContent = text ?? (over
      ? `${length.toLocaleString("en-GB")} characters; at most ${state.maxChars.toLocaleString("en-GB")} are read. Shorten it.`
      : "Enter asks, Shift+Enter starts a new line.");
  }

  // ---- filters ----
  const FILTERS = { from: "published from", to: "published to", known_by: "known by" };

  function setFilter(name, value) {
    if (name === "publisher") {
      if (!value.trim() || state.filters.publishers.includes(value)) return;
      state.filters.publishers.push(value.trim());
    } else state.filters[name] = value;
    showFilters();
  }

  function removeFilter(name, value) {
    if (name === "publisher") state.filters.publishers = state.filters.publishers.filter((item) => item !== value);
    else delete state.filters[name];
    showFilters();
    $(".filters summary").focus();
  }

  function showFilters() {
    const chips = state.filters.publishers.map((name) => ["publisher", name, name]);
    for (const [name, label] of Object.entries(FILTERS)) {
      root.querySelector(`[data-filter=${name}]`).value = state.filters[name] ?? "";
      if (state.filters[name]) chips.push([name, "", `${label} ${longDate(state.filters[name])}`]);
    }
    $("#active-filters").replaceChildren(...chips.map(([name, value, label]) => {
      const chip = button("remove-filter", label + " ✕", name);
      chip.dataset.name = value;
      chip.setAttribute("aria-label", "Remove the filter " + label);
      const item = make("li");
      item.append(chip);
      return item;
    }));
    session.set("filters", state.filters);
  }

  const longDate = (day) => new Date(day + "T12:00").toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });

  // ---- the panel ----
  const cardsOf = (turn) => [...document.querySelectorAll(`#turn${turn} .card`)];

  function openCitation(turn, number, opener) {
    const card = document.getElementById(`turn${turn}-card${number}`);
    if (card) openArticle({ ...card.dataset }, { turn: Number(turn), number: Number(number) }, opener);
  }

  async function openArticle(place, at, opener) {
    Object.assign(state, { place, at });
    if (opener) state.opener = opener;
    hideCard();
    $("#panel").classList.add("open");
    const reply = await call("open_article", place);
    if (state.place !== place || reply.error) return;
    const body = $("#panel-body");
    body.innerHTML = reply.html;
    markPanel();
    const row = body.querySelector(".cited");
    if (row) body.scrollTop = row.offsetTop - body.clientHeight / 3;
    body.querySelector("#panel-title").focus({ preventScroll: true });
    const article = body.querySelector(".article").dataset;
    if (article.document) setAddress({ document: article.document, lines: `${article.first}-${article.last}` });
  }

  function markPanel() {
    const numbers = state.at ? cardsOf(state.at.turn).map((card) => Number(card.dataset.number)) : [];
    const index = state.at ? numbers.indexOf(state.at.number) : -1;
    const opened = state.place !== null;
    $("#panel-place").textContent = index < 0 ? "Sources" : `Citation ${numbers[index]} of ${numbers.length}`;
    for (const [action, shown, able] of [
      ["previous", index >= 0, index > 0], ["next", index >= 0, index < numbers.length - 1],
      ["sources", opened && index >= 0, true], ["close", opened, true],
    ]) {
      const control = $(`#panel [data-action=${action}]`);
      control.hidden = !shown;
      control.setAttribute("aria-disabled", String(!able));
    }
    document.querySelectorAll(".chip.active").forEach((chip) => chip.classList.remove("active"));
    if (index >= 0) document.querySelectorAll(`.chip[data-turn="${state.at.turn}"][data-number="${state.at.number}"]`)
      .forEach((chip) => chip.classList.add("active"));
  }

  function step(by) {
    const cards = cardsOf(state.at.turn);
    const card = cards[cards.findIndex((one) => Number(one.dataset.number) === state.at.number) + by];
    if (card) openCitation(state.at.turn, card.dataset.number);
  }

  // The cited lines of a turn, where there is room beside it.
  function showSources(turn) {
    Object.assign(state, { place: null, at: null });
    setAddress({});
    const list = document.querySelector(`#turn${turn} .sources > ol`);
    if (!list) return emptyPanel();
    $("#panel-body").replaceChildren(make("h2", "", "The lines that the answer cites"), list.cloneNode(true));
    $("#panel-body ol").className = "cited-lines";
    $("#panel-body").scrollTop = 0;
    markPanel();
    if (!wide()) $("#panel").classList.remove("open");
  }

  function emptyPanel() {
    Object.assign(state, { place: null, at: null });
    $("#panel-body").replaceChildren(make("p", "quiet", "The lines that an answer cites appear here."));
    $("#panel").classList.remove("open");
    markPanel();
  }

  function closePanel() {
    const turn = state.at?.turn ?? state.records.length - 1;
    $("#panel").classList.remove("open");
    showSources(turn);
    state.opener?.isConnected ? state.opener.focus() : $("#question-box").focus();
    state.opener = null;
    hideCard();
  }

  async function more(control) {
    const { which, from, to } = control.dataset, article = control.closest(".article");
    const first = which === "earlier" ? Math.max(Number(from), Number(to) - 299) : Number(from);
    const last = which === "earlier" ? Number(to) : Math.min(Number(to), first + 299);
    const reply = await call("more_lines", { ...article.dataset, from: first, to: last });
    if (reply.error) return;
    const rows = article.querySelector("tbody"), height = $("#panel-body").scrollHeight;
    rows.insertAdjacentHTML(which === "earlier" ? "afterbegin" : "beforeend", reply.html);
    if (which === "earlier") $("#panel-body").scrollTop += $("#panel-body").scrollHeight - height;
    const left = which === "earlier" ? [Number(from), first - 1] : [last + 1, Number(to)];
    if (left[0] > left[1]) return control.parentElement.remove();
    [control.dataset.from, control.dataset.to] = left;
    control.textContent = control.textContent.replace(/\(.*\)/, `(${(left[1] - left[0] + 1).toLocaleString("en-GB")})`);
  }

  function setAddress(values) {
    const url = new URL(location.href);
    for (const name of ["document", "lines"]) url.searchParams.delete(name);
    for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
    history.replaceState(null, "", url);
  }

  // ---- hover cards ----
  let timer = 0;

  function showCard(chip) {
    clearTimeout(timer);
    hideCard();
    const card = document.getElementById(chip.getAttribute("aria-describedby"));
    if (!card) return;
    card.hidden = false;
    const at = chip.getBoundingClientRect(), box = card.getBoundingClientRect();
    card.style.left = Math.max(8, Math.min(at.left, innerWidth - box.width - 8)) + "px";
    const below = at.bottom + 6;
    card.style.top = (below + box.height < innerHeight ? below : Math.max(8, at.top - box.height - 6)) + "px";
  }

  function hideCard() {
    const shown = document.querySelectorAll(".card:not([hidden])");
    shown.forEach((card) => { card.hidden = true; });
    return shown.length > 0;
  }

  // ---- settings ----
  const settings = () => ({ theme: "system", text: "normal", retrieval: false, ...storage.get("settings", {}) });

  function applySettings() {
    const { theme, text, retrieval } = settings();
    const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.body?.classList.toggle("dark", dark);
    Object.assign(document.documentElement.dataset, { text, retrieval });
  }

  function showSettings(element) {
    element.querySelectorAll("[data-setting]").forEach((control) => {
      const value = settings()[control.dataset.setting];
      if (control.type === "checkbox") control.checked = value; else control.value = value;
      control.addEventListener("change", () => {
        const next = control.type === "checkbox" ? control.checked : control.value;
        storage.set("settings", { ...settings(), [control.dataset.setting]: next });
        applySettings();
      });
    });
  }

  // ---- feedback and export ----
  async function vote(control) {
    const number = Number(control.dataset.turn), record = state.records[number];
    if (!record) return;
    const given = record.vote?.given === control.dataset.value ? null : control.dataset.value;
    await sendVote(number, { given, reason: "" });
    if (given && record.vote) askWhy(number); else document.querySelector(`#turn${number} .reason`)?.remove();
  }

  async function sendVote(number, { given, reason }) {
    const record = state.records[number];
    const history = state.records.slice(0, number).map(({ question }) => ({ role: "user", content: question }));
    const reply = await call("vote", { vote: given, reason, receipt: record.vote?.receipt, answer: record.answer, history });
    if (reply.error) return false;
    record.vote = given ? { given, receipt: reply.receipt } : undefined;
    save();
    showVotes();
    say(given ? "Thank you, your vote is kept on this server." : "Your vote is taken back.");
    return true;
  }

  function askWhy(number) {
    const turn = document.getElementById("turn" + number);
    turn.querySelector(".reason")?.remove();
    const form = make("form", "reason"), label = make("label", "", "Thank you. Why? (optional) "), text = make("input");
    Object.assign(text, { type: "text", maxLength: 500 });
    label.append(text);
    form.append(label, make("button", "quiet", "Send"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      const sent = await sendVote(number, { given: state.records[number].vote?.given, reason: text.value });
      if (sent) form.replaceWith(make("p", "quiet", "Thank you, it is kept on this server."));
    });
    turn.querySelector(".below").append(form);
    text.focus();
  }

  function showVotes() {
    root.querySelectorAll("[data-action=vote]").forEach((control) => {
      const given = state.records[control.dataset.turn]?.vote?.given;
      control.setAttribute("aria-pressed", String(given === control.dataset.value));
    });
  }

  async function exportAs(format) {
    const reply = await call("export_conversation", { format, records: state.records });
    if (reply.error) return;
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([reply.text], { type: reply.type }));
    link.download = reply.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // ---- small helpers ----
  function make(tag, name = "", text = "") {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    return element;
  }

  function button(action, label, value) {
    const element = make("button", "quiet", label);
    Object.assign(element, { type: "button" });
    Object.assign(element.dataset, { action, value });
    return element;
  }

  function parse(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  // Makes `old` like `fresh`, and leaves alone what is the same: focus and cards stay.
  function merge(old, fresh) {
    for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
    const had = [...old.children], has = [...fresh.children];
    has.forEach((child, i) => {
      if (!had[i]) old.append(child);
      else if (had[i].isEqualNode(child)) return;
      else if (child.matches(".statements")) merge(had[i], child);
      else had[i].replaceWith(child);
    });
    had.slice(has.length).forEach((child) => child.remove());
  }

  function say(text) {
    if (text) $("#announcer").append(make("span", "", text + " "));
    while ($("#announcer").childElementCount > 20) $("#announcer").firstChild.remove();
  }

  let reached = true;

  async function send(name, data) {
    const lost = { lost: true, error: "The server did not answer. Is it still running? Try again." };
    try { return (await server[name](data)) ?? lost; } catch { return lost; }
  }

  async function call(name, data) {
    const reply = await send(name, data);
    if (reply.error) say(reply.error);
    if (reply.error || reached === false) status(reply.error);
    reached = !reply.lost;
    return reply;
  }

  function status(text) {
    $("#index-status").textContent = text ?? "";
    $("#index-status").hidden = !text;
  }

  // ---- what a click or a key does ----
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

  // The panes fill the window below what stands above them.
  function fit() {
    const top = root?.getBoundingClientRect().top + scrollY;
    if (top > 0) document.documentElement.style.setProperty("--above", top + "px");
  }

  async function start(element, fire, props, functions, watch) {
    [root, trigger, server] = [element, fire, functions];
    listen();
    fit();
    watch("value", () => receive(props.value));
    state.id = session.get("current");
    state.records = state.id ? storage.get("conversation:" + state.id, []) : [];
    state.filters = session.get("filters") ?? state.filters;
    showFilters();
    $("#question-box").value = session.get("draft") ?? "";
    const asked = new URL(location.href).searchParams;
    const [first, last] = (asked.get("lines") ?? "").split("-");
    const path = asked.get("document");
    if (!path && wide()) $("#question-box").focus({ preventScroll: true });
    const reply = await refresh(state.records);
    listConversations();
    showTurns(reply.turns);
    if (path) openArticle({ document: path, first: first || 1, last: last || first || 1 }, null);
  }

  // What the page says of the corpus, which the Articles tab may have changed.
  async function refresh(records) {
    const reply = await call("open_page", { records });
    if (reply.error) return reply;
    status(reply.status);
    state.maxChars = reply.max_chars ?? state.maxChars;
    $("#size").textContent = reply.size ?? "";
    $("#publishers").replaceChildren(...(reply.publishers ?? []).map((name) => Object.assign(make("option"), { value: name })));
    $("#examples").replaceChildren(...(reply.examples ?? []).map((text) => {
      const item = make("li");
      item.append(button("example", text));
      return item;
    }));
    return reply;
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(applySettings));
  addEventListener("load", () => { applySettings(); setTimeout(applySettings, 300); });
  addEventListener("resize", () => fit());
  applySettings();
  return { start, settings: showSettings, failed: maybeFailed };
})();
