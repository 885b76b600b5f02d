// The cards that hovering over a chip, or focusing it, shows.

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
