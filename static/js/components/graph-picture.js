// @ts-check
/**
 * The drawn graph: circles, links and names on a canvas, in the colours of the page's elements with
 * `data-ink`, so that themes need no second list of colours.
 */

import { radiusOf } from '../lib/graph/size.js';
import { toScreen } from '../lib/graph/viewport.js';
import { drawCircles, drawLinks, drawNames } from './graph-drawing.js';

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

/** @param {HTMLCanvasElement} canvas @param {HTMLElement} root where the elements with `data-ink` are */
export function createPicture(canvas, root) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  /** @type {Map<string, number>} */
  const widths = new Map();
  let size = { width: 0, height: 0 };
  /** @type {import('../lib/graph/labels.js').Box[]} */
  let others = [];
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
      others = boxesOver(canvas, root);
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
      drawNames(pen, inks, scene, circles, near, widths, { size, others });
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

/** What lies over the canvas and may not cover names. @param {HTMLElement} canvas @param {HTMLElement} root */
function boxesOver(canvas, root) {
  const { left, top } = canvas.getBoundingClientRect();
  return [...root.querySelectorAll('[data-over]')].map((element) => {
    const box = element.getBoundingClientRect();
    return { left: box.left - left, right: box.right - left, top: box.top - top, bottom: box.bottom - top };
  });
}

