// @ts-check
/** How large the circles of concepts are. Imports nothing. */

const LEAST = 6;
const MORE = 9;
const SMALL = 12; // passages: in a small library a few do not make a concept large

/**
 * The radius of a concept's circle: the area beyond the least grows with the passages.
 *
 * @param {number} passages @param {number} most of any concept that is shown
 */
export function radiusOf(passages, most) {
  return LEAST + MORE * Math.sqrt(passages / Math.max(most, SMALL));
}
