// A question, its answer as it grows, and what may go wrong meanwhile.

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
  $(".filters").open = false; // the answer needs the room; the active ones stay in sight
  waiting.scrollIntoView({ block: "start" });
  $("#question-box").value = "";
  if (matchMedia("(pointer: coarse)").matches) $("#question-box").blur(); // and its keyboard goes
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
  turn.querySelectorAll(".summary, .refusal, .reply, .above > .notice").forEach((told) => say(told.textContent));
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
  const box = $("#question-box"), length = box.value.length;
  if (!CSS.supports("field-sizing", "content")) { // the box grows with its text
    box.style.height = "auto";
    box.style.height = box.scrollHeight + 2 + "px";
  }
  const over = length > state.maxChars;
  $("#hint").classList.toggle("error", over);
  $("#hint").textContent = text ?? (over
    ? `${length.toLocaleString("en-GB")} characters; at most ${state.maxChars.toLocaleString("en-GB")} are read. Shorten it.`
    : "Enter asks, Shift+Enter starts a new line.");
}
