// @ts-check
/**
 * A list that is still being written: finished items stay, and only the last
 * one is read again.
 *
 * One item decides over all: a blank line between any two makes every item a
 * paragraph. Then, and only once, the whole list is painted anew.
 */

/**
 * @typedef {import('./dialect.js').Token} Token
 * @typedef {import('./stream-context.js').StreamContext} StreamContext
 */

/**
 * The open block for a list; null for other tokens.
 *
 * @param {Token} token @param {StreamContext} context
 */
export function openList(token, context) {
  return token.type === 'list' ? createOpenList(token, context) : null;
}

/** @param {Token} first @param {StreamContext} context */
function createOpenList(first, { read, painter }) {
  const element = emptyList(first);
  /** @type {Token[]} */
  const items = [];
  /** @type {string[]} */
  const raw = [];
  /** @type {Element[]} */
  let provisional = [];
  let loose = false;

  /** @param {string} source */
  function readItems(source) {
    const { blocks, inline } = read(source);
    inline();
    const [list, ...rest] = blocks;
    if (list?.type !== 'list' || !list.items) throw new TypeError('a list began and is none');
    return { list, items: list.items, rest };
  }

  /** @param {Token[]} some */
  function paint(some) {
    if (loose) some.forEach(loosen);
    const [part] = painter.paintBlock({ ...first, raw: rawOf(some), start: 1, items: some });
    if (part?.nodeName === element.nodeName) return [.../** @type {Element} */ (part).children];
    const item = document.createElement('li');
    item.append(.../** @type {ChildNode[]} */ (part ? [part] : []));
    return [item];
  }

  /** @param {Token[]} some */
  function keep(some) {
    items.push(...some);
    if (some.length > 0) element.append(...paint(some));
  }

  function withdraw() {
    for (const item of provisional) item.remove();
    provisional = [];
  }

  return {
    nodes: [/** @type {ChildNode} */ (element)],
    raw: () => raw.join(''),
    tokens: items,

    /** @param {string} source @param {boolean} final */
    settle(source, final) {
      withdraw();
      if (source === '') return { length: 0, ended: final };
      const { list, items: some, rest } = readItems(source);
      if (list.loose && !loose) {
        loose = true;
        element.replaceChildren(...(items.length > 0 ? paint(items) : []));
      }
      const ended = final || rest.some(({ type }) => type !== 'space');
      const kept = ended ? some : some.slice(0, -1);
      keep(kept);
      const length = ended ? list.raw.length : rawOf(kept).length;
      raw.push(source.slice(0, length));
      return { length, ended };
    },

    /** @param {string} source @returns {Token[]} */
    show(source) {
      withdraw();
      if (source === '') return [];
      const { items: some, rest } = readItems(source);
      provisional = paint(some);
      element.append(...provisional);
      return rest;
    },
  };
}

/** @param {Token[]} items */
function rawOf(items) {
  return items.map((item) => item.raw).join('');
}

/** @param {Token} token */
function emptyList({ ordered, start }) {
  const element = document.createElement(ordered ? 'ol' : 'ul');
  if (ordered && start !== 1) element.setAttribute('start', String(start));
  return element;
}

/**
 * Makes an item what it is in a list with blank lines.
 *
 * @param {Token} item
 */
function loosen(item) {
  const tokens = item.tokens ?? [];
  for (const token of tokens) if (token.type === 'text') token.type = 'paragraph';
  if (tokens[0]?.type !== 'checkbox' || tokens[1]?.type !== 'paragraph') return;
  const [box] = tokens.splice(0, 1);
  tokens[0]?.tokens?.unshift(/** @type {Token} */ (box));
}
