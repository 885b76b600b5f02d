// Elements made, exchanged and announced. Text from outside enters as text only; HTML comes from
// the server alone, which escapes it.

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
