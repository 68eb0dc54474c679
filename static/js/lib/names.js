// @ts-check
/** How people are named who are here. Imports nothing. */

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
