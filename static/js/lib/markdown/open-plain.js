// @ts-check
/**
 * Text that could not be read as Markdown, shown as it is. Nothing follows it:
 * once a text has gone wrong, the rest of it is shown this way. Imports nothing.
 */

/** @typedef {import('./stream.js').OpenBlock} OpenBlock */

/** @returns {OpenBlock} */
export function openPlain() {
  const paragraph = document.createElement('p');
  const settled = document.createTextNode('');
  const provisional = document.createTextNode('');
  paragraph.append(settled, provisional);

  return {
    nodes: [paragraph],
    raw: () => '',
    tokens: [],

    settle(source, final) {
      settled.appendData(source);
      provisional.data = '';
      return { length: source.length, ended: final };
    },

    show(source) {
      provisional.data = source;
      return [];
    },
  };
}
