// The panel: the cited lines of an answer, or an article around them.

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
