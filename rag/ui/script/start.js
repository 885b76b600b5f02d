// The page begins.

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
window.onRecord = { start, settings: showSettings, failed: maybeFailed };
