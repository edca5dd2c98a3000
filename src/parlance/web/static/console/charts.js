// Small charts of the last minutes, drawn by hand in SVG.

import { html, useRef, useState } from "../look/view.js";
import { language } from "../look/words.js";

const WIDTH = 300;
const HEIGHT = 72;

// `lines`: [{ name, kind, values }], of which null is a gap; `times`: of each value. `shown`: how a value is written.
// `unit`: in which its scale is round.
export function Chart({ title, lines, times, shown, unit = 1, wrong = false }) {
  const [at, point] = useState(null);
  const frame = useRef(null);
  const count = times.length;
  const most = unit * nice(Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => (value ?? 0) / unit))));
  const look = (event) => {
    const { left, width } = frame.current.getBoundingClientRect();
    point(Math.max(0, Math.min(count - 1, Math.round(((event.clientX - left) / width) * (count - 1)))));
  };
  const index = at !== null && at < count ? at : count - 1;
  const said = lines.map(({ name, values }) => `${name} ${values[index] === undefined || values[index] === null ? "–" : shown(values[index])}`);
  return html`<figure class=${wrong ? "chart wrong" : "chart"}>
    <figcaption>
      <h3>${title}</h3>
      ${lines.map(
        ({ name, kind, values }) =>
          html`<p key=${name} class="figure">
            <strong>${values[index] === undefined || values[index] === null ? "–" : shown(values[index])}</strong>
            <span class=${`name ${kind}`}>${name}</span>
          </p>`,
      )}
    </figcaption>
    <svg
      ref=${frame}
      viewBox=${`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label=${`${title}: ${said.join(", ")}`}
      onPointerMove=${look}
      onPointerLeave=${() => point(null)}
    >
      ${[0, 0.5, 1].map((share) => html`<line key=${share} class="grid" x1="0" x2=${WIDTH} y1=${level(share, 1)} y2=${level(share, 1)} />`)}
      ${lines.map(({ name, kind, values }) => html`<${Line} key=${name} kind=${kind} values=${values} most=${most} />`)}
      ${at !== null && count > 1 && html`<line class="pointer" x1=${across(index, count)} x2=${across(index, count)} y1="0" y2=${HEIGHT} />`}
    </svg>
    <p class="scale"><span>${count ? new Date(times[at === null ? 0 : index]).toLocaleTimeString(language(), { timeStyle: "medium" }) : ""}</span><span>${most > 0 ? `▲ ${shown(most)}` : ""}</span></p>
  </figure>`;
}

function Line({ kind, values, most }) {
  // Each stretch without a gap is a stroke of its own, and has its own ground below it.
  const stretches = [[]];
  values.forEach((value, index) => {
    if (value === null) stretches.push([]);
    else stretches.at(-1).push([across(index, values.length), level(value, most)]);
  });
  const known = stretches.filter((points) => points.length);
  const stroke = (points) => `M${points.map((point) => point.join(" ")).join("L")}`;
  const line = known.map(stroke).join("");
  const area = known.map((points) => `${stroke(points)}L${points.at(-1)[0]} ${HEIGHT}L${points[0][0]} ${HEIGHT}Z`).join("");
  return html`<g class=${kind}><path class="area" d=${area} /><path class="line" d=${line} /></g>`;
}

function across(index, count) {
  return count < 2 ? 0 : (index / (count - 1)) * WIDTH;
}

function level(value, most) {
  return HEIGHT - 1.5 - (most > 0 ? value / most : 0) * (HEIGHT - 4);
}

// The next round number: a scale that does not jump with every sample.
function nice(value) {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value);
}
