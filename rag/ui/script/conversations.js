// Conversations: kept in the browser, listed, opened, deleted.

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
