// @ts-check
/** The concepts as a list: the same ones as in the graph, for whoever likes reading better. */

import { fill, fromTemplate } from './template.js';

/** @typedef {import('./graph-picture.js').Concept} Concept */

/** @param {HTMLElement} list @param {(key: string) => string} addressOf */
export function createList(list, addressOf) {
  const rows = () => /** @type {HTMLElement[]} */ ([...list.children]);
  const linkOf = (/** @type {HTMLElement} */ row) => /** @type {HTMLAnchorElement} */ (row.querySelector('a'));

  return {
    /** @param {Concept[]} concepts */
    show(concepts) {
      list.replaceChildren(...concepts.map((concept) => {
        const row = fromTemplate('t-concept');
        const link = linkOf(row);
        link.href = addressOf(concept.key);
        link.dataset['concept'] = concept.key;
        fill(row, 'name', concept.name);
        fill(row, 'passages', String(concept.passages));
        fill(row, 'unit', concept.passages === 1 ? 'passage' : 'passages');
        return row;
      }));
    },
    /** Only the rows of these places; all of them for null. @param {Set<number> | null} found */
    find(found) {
      rows().forEach((row, index) => {
        row.hidden = found !== null && !found.has(index);
      });
    },
    /** @param {string} key */
    choose(key) {
      for (const row of rows()) {
        const link = linkOf(row);
        if (link.dataset['concept'] === key) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    },
    /** @param {string} key */
    focus(key) {
      rows().map(linkOf).find((link) => link.dataset['concept'] === key)?.focus();
    },
  };
}
