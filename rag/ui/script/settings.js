// Settings of this browser: colours, text size, retrieval details.

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
