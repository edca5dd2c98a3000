// How pages are drawn: Preact and htm. Text is always a text node; nothing here can make markup of it.

import { Fragment, createContext, h, render } from "../vendor/preact.mjs";
import htm from "../vendor/htm.mjs";
import { language, whenChosen } from "./words.js";
import "./theme.js";

export { Fragment, createContext, h, render };
export {
  useCallback,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "../vendor/hooks.mjs";

export const html = htm.bind(h);

// Draw `App` in an element, and again whenever another language is chosen.
export function show(App, element) {
  const draw = () => {
    document.documentElement.lang = language();
    render(h(App), element);
  };
  whenChosen(draw);
  draw();
}
