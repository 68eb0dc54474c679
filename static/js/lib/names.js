// @ts-check
/** How people are named and drawn who are here. Imports nothing. */

/**
 * "Bob is here", "Bob and Eve are here", "Bob and 2 others are here".
 *
 * @param {string[]} names
 */
export function namesOf(names) {
  const [first = '', second = ''] = names;
  if (names.length < 2) return first && `${first} is here`;
  return names.length === 2 ? `${first} and ${second} are here` : `${first} and ${names.length - 1} others are here`;
}

/** The letter on an avatar, as `initial` of chat/web/formats.py. @param {string} name */
export function initialOf(name) {
  return ([...name.trim()][0] ?? '?').toUpperCase();
}

/** The colour of a person, 1 to 6, as `hue` of chat/web/formats.py. @param {string} id */
export function hueOf(id) {
  return new TextEncoder().encode(id).reduce((sum, byte) => sum + byte, 0) % 6 + 1;
}
