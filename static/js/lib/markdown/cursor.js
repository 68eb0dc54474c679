// @ts-check
/**
 * The cursor that shows where an answer is being written: right after the
 * last character, wherever in the tree that is. Imports nothing.
 */

/** @param {Element} container */
export function createCursor(container) {
  const cursor = document.createElement('span');
  cursor.className = 'cursor';
  cursor.setAttribute('aria-hidden', 'true');

  return {
    show() {
      cursor.remove();
      const last = lastText(container);
      if (last) last.after(cursor);
      else container.append(cursor);
    },
    hide: () => cursor.remove(),
  };
}

/**
 * The last piece of text that is more than space; null when the container
 * ends in something else, like a rule or a picture.
 *
 * @param {Node} node
 * @returns {Text | null}
 */
function lastText(node) {
  for (let child = node.lastChild; child; child = child.previousSibling) {
    if (child instanceof Text) {
      if (child.data.trim() !== '') return child;
    } else {
      return lastText(child);
    }
  }
  return null;
}
