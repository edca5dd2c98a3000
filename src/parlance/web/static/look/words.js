// What pages say, in English and in Chinese. A browser's own language decides until somebody chooses.

const KEY = "parlance.language";
const LANGUAGES = ["en", "zh-CN"];
const listeners = new Set();

export function language() {
  const kept = localStorage.getItem(KEY);
  if (LANGUAGES.includes(kept)) return kept;
  return /^zh\b/i.test(navigator.language) ? "zh-CN" : "en";
}

export function choose(chosen) {
  localStorage.setItem(KEY, chosen);
  for (const listener of listeners) listener();
}

export function whenChosen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// `words({ send: ["Send", "发送"], typing: [(name) => `${name} is typing`, (name) => `${name} 正在输入`] })` answers a
// function: `say("typing", "Ada")`. A word that is not there, or in one language only, is a bug, and says so.
export function words(table) {
  for (const [key, said] of Object.entries(table)) {
    if (said.length !== LANGUAGES.length) throw new Error(`${key} is not said in every language`);
  }
  return (key, ...about) => {
    const said = table[key]?.[LANGUAGES.indexOf(language())];
    if (said === undefined) throw new Error(`there are no words for ${key}`);
    return typeof said === "function" ? said(...about) : said;
  };
}
