// Filters of the articles that are asked.

const FILTERS = { from: "published from", to: "published to", known_by: "known by" };

function setFilter(name, value) {
  if (name === "publisher") {
    if (!value.trim() || state.filters.publishers.includes(value.trim())) return;
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
  countArticles(chips.length > 0);
}

// How many articles pass; when none does, the server says what there is instead.
async function countArticles(filtered) {
  const asked = JSON.stringify(state.filters), shown = $("#passing");
  const reply = filtered ? await call("count_articles", { filters: state.filters }) : {};
  if (JSON.stringify(state.filters) !== asked) return; // changed meanwhile
  shown.textContent = reply.text ?? "";
  shown.classList.toggle("error", reply.empty === true);
}

const longDate = (day) => new Date(day + "T12:00").toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
