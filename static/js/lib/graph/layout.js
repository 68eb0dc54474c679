// @ts-check
/**
 * Where the concepts of a graph stand. The same graph has the same picture on every device: places
 * begin from the concepts' keys, and no chance is involved. The weightiest concepts are placed first
 * and the others around them, so that one more of the lighter ones moves the others little.
 */

import '../../../vendor/d3-quadtree.js';
import '../../../vendor/d3-dispatch.js';
import '../../../vendor/d3-timer.js';
import '../../../vendor/d3-force.js';
import { radiusOf } from './size.js';

/**
 * @typedef {{key: string, passages: number}} Concept weightiest first
 * @typedef {{of: [number, number], strength: number}} Link by places among the concepts
 * @typedef {{index: number, x: number, y: number, radius: number}} Body
 */

const STAGES = [40, 150]; // so many are placed before the rest
const FIRST_STEPS = 200;
const LATER_STEPS = 80;
const ROOM = 44; // from the middle of one to that of the next, at least, beside their circles
const TURN = Math.PI * 2;

/**
 * The places of all concepts: x and y of the first, of the second, and so on, around 0.
 *
 * @param {Concept[]} concepts @param {Link[]} links @param {number} [ratio] width to height
 * @returns {Float32Array<ArrayBuffer>}
 */
export function layOut(concepts, links, ratio = 1.35) {
  const most = Math.max(1, ...concepts.map((concept) => concept.passages));
  const bodies = concepts.map((concept, index) => (
    { index, x: 0, y: 0, radius: radiusOf(concept.passages, most) }));
  let placed = 0;
  for (const end of [...STAGES, bodies.length]) {
    const upTo = Math.min(end, bodies.length);
    if (upTo === placed) continue;
    const among = links.filter(({ of: [a, b] }) => a < upTo && b < upTo);
    for (const body of bodies.slice(placed, upTo)) {
      begin(body, keyOf(concepts, body), placed, upTo, ratio, neighbours(body, among, bodies, placed));
    }
    settle(bodies.slice(0, upTo), among, ratio, placed === 0);
    placed = upTo;
  }
  return Float32Array.from(bodies.flatMap(({ x, y }) => [x, y]));
}

/** @param {Concept[]} concepts @param {Body} body */
function keyOf(concepts, body) {
  return concepts[body.index]?.key ?? '';
}

/**
 * Puts a body beside those that it is linked with, or on the edge of all; both by its own key.
 *
 * @param {Body} body @param {string} key @param {number} placed @param {number} upTo @param {number} ratio
 * @param {Body[]} near
 */
function begin(body, key, placed, upTo, ratio, near) {
  const angle = share(key, 1) * TURN;
  const spread = ROOM * Math.sqrt(upTo);
  const distance = near.length > 0 ? ROOM : spread * (placed === 0 ? Math.sqrt(share(key, 2)) : 1);
  body.x = mean(near.map(({ x }) => x)) + Math.cos(angle) * distance * Math.sqrt(ratio);
  body.y = mean(near.map(({ y }) => y)) + (Math.sin(angle) * distance) / Math.sqrt(ratio);
}

/** @param {Body} body @param {Link[]} links @param {Body[]} bodies @param {number} placed */
function neighbours(body, links, bodies, placed) {
  return links
    .filter(({ of }) => of.includes(body.index))
    .map(({ of: [a, b] }) => (a === body.index ? b : a))
    .filter((index) => index < placed)
    .map((index) => /** @type {Body} */ (bodies[index]));
}

/** @param {Body[]} bodies @param {Link[]} links @param {number} ratio @param {boolean} isFirst */
function settle(bodies, links, ratio, isFirst) {
  const { d3 } = globalThis;
  const steps = isFirst ? FIRST_STEPS : LATER_STEPS;
  const simulation = d3.forceSimulation(bodies)
    .force('links', d3.forceLink(links.map(({ of: [source, target], strength }) => ({ source, target, strength })))
      .distance(({ strength }) => ROOM * (2.2 - strength))
      .strength(({ strength }) => 0.15 + 0.5 * Math.max(0, strength)))
    .force('apart', d3.forceManyBody().strength(-ROOM * 6).theta(0.9).distanceMax(ROOM * 14))
    .force('circles', d3.forceCollide().radius((/** @type {Body} */ body) => body.radius + ROOM / 2)
      .strength(0.7).iterations(1))
    .force('across', d3.forceX(0).strength(0.07 / ratio))
    .force('down', d3.forceY(0).strength(0.07 * ratio))
    .alpha(isFirst ? 1 : 0.4)
    .alphaDecay(1 - (isFirst ? 0.001 : 0.0025) ** (1 / steps))
    .stop();
  for (let step = 0; step < steps; step += 1) simulation.tick();
}

/** A number from 0 to 1 that a text stands for (FNV-1a). @param {string} text @param {number} salt */
function share(text, salt) {
  let hash = 0x811c9dc5 ^ salt;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** @param {number[]} numbers */
function mean(numbers) {
  return numbers.length > 0 ? numbers.reduce((sum, one) => sum + one, 0) / numbers.length : 0;
}
