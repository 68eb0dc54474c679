// @ts-check
/** The strokes of the drawn graph: its links, its circles, and those names that there is room for. */

import { placeLabels } from '../lib/graph/labels.js';

/**
 * @typedef {import('./graph-picture.js').Concept} Concept
 * @typedef {import('./graph-picture.js').Scene} Scene
 * @typedef {import('./graph-picture.js').Inks} Inks
 * @typedef {import('./graph-picture.js').Circle} Circle
 */

const TEXT = 12;
const LONGEST = 30; // letters of a name in the picture; the panel has the whole
const ALWAYS = 24; // of the weightiest are named, whatever circles their names cover
const CALM = 250; // links from which on each is fainter
const TURN = Math.PI * 2;

/** @param {CanvasRenderingContext2D} pen @param {Inks} inks @param {Scene} scene @param {Circle[]} circles @param {Set<number>} near */
export function drawLinks(pen, inks, { links, chosen, found }, circles, near) {
  const isOn = (/** @type {[number, number]} */ of) => near.size > 0 && of.includes(chosen);
  const dim = chosen >= 0 || found !== null ? 0.5 : 1;
  const calm = Math.min(1, Math.sqrt(CALM / Math.max(1, links.length)));
  stroke(pen, links.filter(({ of }) => !isOn(of)), circles, inks.edge, 1, 0.6 * calm * dim);
  stroke(pen, links.filter(({ of }) => isOn(of)), circles, inks.strong, 1.5, 0.75);
  pen.globalAlpha = 1;
}

/**
 * All links of one kind as one path, which costs a tenth of one each.
 *
 * @param {CanvasRenderingContext2D} pen @param {{of: [number, number]}[]} links @param {Circle[]} circles
 * @param {string} colour @param {number} width @param {number} opacity
 */
function stroke(pen, links, circles, colour, width, opacity) {
  pen.beginPath();
  for (const { of: [a, b] } of links) {
    const [from, to] = [circles[a], circles[b]];
    if (!from || !to) continue;
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
  }
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.globalAlpha = opacity;
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {Inks} inks @param {Scene} scene @param {Circle[]} circles @param {Set<number>} near */
export function drawCircles(pen, inks, { chosen, pointed, found }, circles, near) {
  circles.forEach(({ x, y, radius }, index) => {
    const isNear = near.has(index) || index === pointed || found?.has(index);
    const { fill, line } = index === chosen ? inks.on : isNear ? inks.near : inks.node;
    pen.globalAlpha = found && !found.has(index) && index !== chosen ? 0.4 : 1;
    pen.beginPath();
    pen.arc(x, y, radius, 0, TURN);
    pen.fillStyle = inks.ground; // no link shows through
    pen.fill();
    pen.fillStyle = fill;
    pen.fill();
    pen.strokeStyle = line;
    pen.lineWidth = isNear ? 1.5 : 1;
    pen.stroke();
  });
  pen.globalAlpha = 1;
  const circle = circles[chosen];
  if (circle) drawHalo(pen, inks, circle);
}

/** @param {CanvasRenderingContext2D} pen @param {Inks} inks @param {Circle} circle */
function drawHalo(pen, inks, { x, y, radius }) {
  pen.beginPath();
  pen.arc(x, y, radius + 4, 0, TURN);
  pen.strokeStyle = inks.strong;
  pen.globalAlpha = 0.35;
  pen.lineWidth = 5;
  pen.stroke();
  pen.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} pen @param {Inks} inks @param {Scene} scene @param {Circle[]} circles
 * @param {Set<number>} near @param {Map<string, number>} widths
 * @param {{size: {width: number, height: number}, others: import('../lib/graph/labels.js').Box[]}} room
 */
export function drawNames(pen, inks, { concepts, chosen, pointed, found }, circles, near, widths, { size, others }) {
  const rank = (/** @type {number} */ index) => (
    index === chosen || index === pointed ? 0 : near.has(index) || found?.has(index) ? 1 : 2);
  const order = circles.map((_, index) => index).sort((a, b) => rank(a) - rank(b) || a - b);
  const named = order.map((index) => {
    const name = shortened(concepts[index]);
    const bold = rank(index) < 2;
    const first = bold || index < ALWAYS;
    return { .../** @type {Circle} */ (circles[index]), width: widthOf(name, bold), first };
  });
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.lineJoin = 'round';
  pen.lineWidth = 4;
  pen.strokeStyle = inks.ground;
  for (const { index: at, x, y } of placeLabels(named, size, others)) {
    const index = order[at] ?? 0;
    const isFirst = rank(index) < 2;
    const name = shortened(concepts[index]);
    pen.font = fontOf(inks, isFirst);
    pen.globalAlpha = found && !isFirst ? 0.4 : 1;
    pen.strokeText(name, x, y);
    pen.fillStyle = isFirst ? inks.label : inks.plain;
    pen.fillText(name, x, y);
  }
  pen.globalAlpha = 1;

  /** @param {string} name @param {boolean} bold */
  function widthOf(name, bold) {
    const key = `${bold ? 'b' : ''}${name}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    pen.font = fontOf(inks, bold);
    const width = pen.measureText(name).width + 6;
    widths.set(key, width);
    return width;
  }
}

/** @param {Concept | undefined} concept */
function shortened({ name } = { key: '', name: '', passages: 0 }) {
  const letters = [...name];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('').trimEnd()}…` : name;
}

/** @param {Inks} inks @param {boolean} bold */
function fontOf({ font }, bold) {
  return `${bold ? 600 : 400} ${TEXT}px ${font}`;
}
