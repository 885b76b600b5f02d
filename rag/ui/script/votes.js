// Votes on answers, and a conversation as a file.

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
