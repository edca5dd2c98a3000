// Light, dark, or as the machine has it; remembered in this browser.

const KEY = "parlance.theme";
const SIGNS = { auto: "◐", light: "☀", dark: "☾" };
const THEMES = Object.keys(SIGNS);

export function theme() {
  const kept = localStorage.getItem(KEY);
  return THEMES.includes(kept) ? kept : "auto";
}

export function themeSign() {
  return SIGNS[theme()];
}

export function nextTheme() {
  localStorage.setItem(KEY, THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
  shown();
}

function shown() {
  if (theme() === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme();
}

shown();
