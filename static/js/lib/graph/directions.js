// @ts-check
/** Which concept the arrow keys, and the pointer, lead to. Imports nothing. */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const ASIDE = 2.2; // what is off the line counts so much farther

/**
 * The nearest in the direction of an arrow key, near the line rather than far along it; `from` itself
 * where there is none.
 *
 * @param {string} key @param {number} from @param {ArrayLike<number>} places x and y of each
 * @returns {number}
 */
export function inDirection(key, from, places) {
  const [right, down] = ARROWS[key] ?? [0, 0];
  let [found, least] = [from, Infinity];
  for (let index = 0; index < places.length / 2; index += 1) {
    const x = at(places, index, 0) - at(places, from, 0);
    const y = at(places, index, 1) - at(places, from, 1);
    const along = x * right + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * right);
    const distance = along + aside * ASIDE;
    if (along > 0 && aside <= along * 2 && distance < least) [found, least] = [index, distance];
  }
  return found;
}

/** @param {string} key */
export function isArrow(key) {
  return key in ARROWS;
}

/**
 * The concept at a place of the graph, or the nearest within `reach`; -1 for none.
 *
 * @param {{x: number, y: number}} point @param {ArrayLike<number>} places @param {number} reach
 */
export function nearest(point, places, reach) {
  let [found, least] = [-1, reach];
  for (let index = 0; index < places.length / 2; index += 1) {
    const distance = Math.hypot(at(places, index, 0) - point.x, at(places, index, 1) - point.y);
    if (distance <= least) [found, least] = [index, distance];
  }
  return found;
}

/** @param {ArrayLike<number>} places @param {number} index @param {0 | 1} axis */
function at(places, index, axis) {
  return places[2 * index + axis] ?? 0;
}
