// @ts-check
/**
 * What part of a graph is seen: a place of the graph times `k`, moved by `x` and `y`, is a place on
 * the screen. Views are never changed, only made. Imports nothing.
 */

/** @typedef {{x: number, y: number, k: number}} View */

export const NEAREST = 4;
const FARTHEST = 0.08;
const NATURAL = 1.4; // a small graph is not blown up beyond this
const BESIDE = 44; // pixels around what is fitted, for names and what lies over the edges
const BELOW = 54;

/**
 * The view that shows all places.
 *
 * @param {ArrayLike<number>} places x and y of each @param {{width: number, height: number}} size
 * @returns {View}
 */
export function fit(places, { width, height }) {
  const [left, right] = bounds(places, 0);
  const [top, bottom] = bounds(places, 1);
  const room = (/** @type {number} */ all, /** @type {number} */ margin) => Math.max(40, all - 2 * margin);
  const k = Math.min(room(width, BESIDE) / Math.max(1, right - left),
    room(height, BELOW) / Math.max(1, bottom - top), NATURAL);
  return {
    k,
    x: width / 2 - ((left + right) / 2) * k,
    y: height / 2 - ((top + bottom) / 2) * k,
  };
}

/**
 * The same view, `times` as near, with what is at a point of the screen still there.
 *
 * @param {View} view @param {number} times @param {{x: number, y: number}} point
 * @returns {View}
 */
export function zoomAt(view, times, point) {
  const k = Math.min(NEAREST, Math.max(FARTHEST, view.k * times));
  const ratio = k / view.k;
  return { k, x: point.x - (point.x - view.x) * ratio, y: point.y - (point.y - view.y) * ratio };
}

/** @param {View} view @param {number} x @param {number} y @returns {View} */
export function move(view, x, y) {
  return { ...view, x: view.x + x, y: view.y + y };
}

/**
 * The same view, moved by as much as brings a place at least `margin` within the screen.
 *
 * @param {View} view @param {{x: number, y: number}} place @param {{width: number, height: number}} size
 * @param {number} [margin]
 * @returns {View}
 */
export function bringIn(view, place, { width, height }, margin = 60) {
  const { x, y } = toScreen(view, place);
  const within = (/** @type {number} */ at, /** @type {number} */ all) => (
    Math.min(Math.max(at, Math.min(margin, all / 2)), Math.max(all - margin, all / 2)));
  return move(view, within(x, width) - x, within(y, height) - y);
}

/** @param {View} view @param {{x: number, y: number}} place */
export function toScreen(view, { x, y }) {
  return { x: x * view.k + view.x, y: y * view.k + view.y };
}

/** @param {View} view @param {{x: number, y: number}} point */
export function toGraph(view, { x, y }) {
  return { x: (x - view.x) / view.k, y: (y - view.y) / view.k };
}

/** @param {ArrayLike<number>} places @param {number} axis @returns {[number, number]} */
function bounds(places, axis) {
  let [low, high] = [Infinity, -Infinity];
  for (let at = axis; at < places.length; at += 2) {
    low = Math.min(low, places[at] ?? 0);
    high = Math.max(high, places[at] ?? 0);
  }
  return low > high ? [0, 0] : [low, high];
}
