// @ts-check
/**
 * The drawn graph: circles, links and names on a canvas, in the colours of the page's elements with
 * `data-ink`, so that themes need no second list of colours.
 */

import { placeLabels } from '../lib/graph/labels.js';
import { radiusOf } from '../lib/graph/layout.js';
import { toScreen } from '../lib/graph/viewport.js';

/**
 * @typedef {import('../lib/graph/viewport.js').View} View
 * @typedef {{key: string, name: string, passages: number}} Concept
 * @typedef {object} Scene
 * @property {Concept[]} concepts weightiest first
 * @property {{of: [number, number], strength: number}[]} links
 * @property {ArrayLike<number>} places
 * @property {View} view
 * @property {number} chosen -1 for none
 * @property {number} pointed at -1 for none
 * @property {Set<number> | null} found what a search has found; null without one
 */

const TEXT = 12;
const ALWAYS = 24; // of the weightiest are named, whatever circles their names cover
const CALM = 250; // links from which on each is fainter
const TURN = Math.PI * 2;

/** @param {HTMLCanvasElement} canvas @param {HTMLElement} root where the elements with `data-ink` are */
export function createPicture(canvas, root) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  /** @type {Map<string, number>} */
  const widths = new Map();
  let size = { width: 0, height: 0 };
  let inks = readInks(root);

  return {
    get size() {
      return size;
    },
    /** The colours of the theme that is now. */
    refresh() {
      inks = readInks(root);
      widths.clear();
    },
    /** @param {number} width @param {number} height */
    resize(width, height) {
      const dense = globalThis.devicePixelRatio || 1;
      size = { width, height };
      canvas.width = Math.round(width * dense);
      canvas.height = Math.round(height * dense);
    },
    /** @param {Scene} scene */
    draw(scene) {
      const dense = globalThis.devicePixelRatio || 1;
      pen.setTransform(dense, 0, 0, dense, 0, 0);
      pen.clearRect(0, 0, size.width, size.height);
      const circles = circlesOf(scene);
      const near = neighboursOf(scene);
      drawLinks(pen, inks, scene, circles, near);
      drawCircles(pen, inks, scene, circles, near);
      drawNames(pen, inks, scene, circles, near, widths, size);
    },
  };
}

/** @typedef {{x: number, y: number, radius: number}} Circle */

/** How large a circle is on the screen: less than the distances, when one looks from afar. @param {View} view */
export function enlargement({ k }) {
  return Math.min(1.3, Math.max(0.5, Math.sqrt(k)));
}

/** @param {Scene} scene @returns {Circle[]} */
function circlesOf({ concepts, places, view }) {
  const most = Math.max(1, ...concepts.map((concept) => concept.passages));
  const times = enlargement(view);
  return concepts.map((concept, index) => ({
    ...toScreen(view, { x: places[2 * index] ?? 0, y: places[2 * index + 1] ?? 0 }),
    radius: radiusOf(concept.passages, most) * times,
  }));
}

/** @param {Scene} scene */
function neighboursOf({ links, chosen }) {
  const linked = links.filter(({ of }) => chosen >= 0 && of.includes(chosen));
  return new Set(linked.map(({ of: [a, b] }) => (a === chosen ? b : a)));
}

/** @typedef {Record<'on' | 'near' | 'node', {fill: string, line: string}> & Record<'edge' | 'strong' | 'label' | 'plain' | 'ground', string> & {font: string}} Inks */

/** @param {HTMLElement} root @returns {Inks} */
function readInks(root) {
  const style = (/** @type {string} */ name) => (
    getComputedStyle(/** @type {Element} */ (root.querySelector(`[data-ink="${name}"]`))));
  const circle = (/** @type {string} */ name) => (
    { fill: style(name).backgroundColor, line: style(name).borderTopColor });
  return {
    on: circle('on'),
    near: circle('near'),
    node: circle('node'),
    edge: style('edge').color,
    strong: style('strong').color,
    label: style('label').color,
    plain: style('plain').color,
    ground: style('ground').color,
    font: style('label').fontFamily,
  };
}

/** @param {CanvasRenderingContext2D} pen @param {Inks} inks @param {Scene} scene @param {Circle[]} circles @param {Set<number>} near */
function drawLinks(pen, inks, { links, chosen, found }, circles, near) {
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
function drawCircles(pen, inks, { chosen, pointed, found }, circles, near) {
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
 * @param {Set<number>} near @param {Map<string, number>} widths @param {{width: number, height: number}} size
 */
function drawNames(pen, inks, { concepts, chosen, pointed, found }, circles, near, widths, size) {
  const rank = (/** @type {number} */ index) => (
    index === chosen || index === pointed ? 0 : near.has(index) || found?.has(index) ? 1 : 2);
  const order = circles.map((_, index) => index).sort((a, b) => rank(a) - rank(b) || a - b);
  const named = order.map((index) => {
    const { name } = /** @type {Concept} */ (concepts[index]);
    const bold = rank(index) < 2;
    const first = bold || index < ALWAYS;
    return { .../** @type {Circle} */ (circles[index]), width: widthOf(name, bold), first };
  });
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.lineJoin = 'round';
  pen.lineWidth = 4;
  pen.strokeStyle = inks.ground;
  for (const { index: at, x, y } of placeLabels(named, size)) {
    const index = order[at] ?? 0;
    const isFirst = rank(index) < 2;
    const { name } = /** @type {Concept} */ (concepts[index]);
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

/** @param {Inks} inks @param {boolean} bold */
function fontOf({ font }, bold) {
  return `${bold ? 600 : 400} ${TEXT}px ${font}`;
}
