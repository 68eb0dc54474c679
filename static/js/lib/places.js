// @ts-check
/** The places in which a conversation can be, as forms name them. */

/**
 * @param {string} value the id of a space, '' for none; with a `+` everybody there sees it
 * @returns {{space_id: string | null, visibility: 'private' | 'space'}} as the API takes it
 */
export function placeOf(value) {
  const isShared = value.endsWith('+');
  const id = isShared ? value.slice(0, -1) : value;
  return { space_id: id || null, visibility: isShared ? 'space' : 'private' };
}
