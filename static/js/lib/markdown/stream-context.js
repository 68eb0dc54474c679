// @ts-check
/**
 * What the parts of a growing text share: how it is read, how it is painted,
 * and the link definitions met so far, of which the first of a name counts.
 */

/**
 * @typedef {import('./dialect.js').Dialect} Dialect
 * @typedef {import('./dialect.js').Token} Token
 * @typedef {import('./painter.js').Painter} Painter
 */

/**
 * @param {Dialect} dialect @param {Painter} painter
 */
export function createStreamContext(dialect, painter) {
  /** @type {import('./dialect.js').Links} */
  const links = Object.create(null);

  return {
    painter,
    /** @param {string} source */
    read: (source) => dialect.read(source, links),
    /** @param {string} source */
    readSpan: (source) => dialect.readSpan(source, links),

    /**
     * Remembers the definitions in finished tokens; returns the new names.
     *
     * @param {Token[]} tokens
     */
    define(tokens) {
      const names = [];
      for (const { tag = '', href = '', title } of definitionsIn(tokens)) {
        if (links[tag]) continue;
        links[tag] = { href, title };
        names.push(tag);
      }
      return names;
    },
  };
}

/** @typedef {ReturnType<typeof createStreamContext>} StreamContext */

/** @param {Token[]} tokens @returns {Token[]} */
function definitionsIn(tokens) {
  return tokens.flatMap((token) => (
    token.type === 'def' ? [token] : definitionsIn([...(token.items ?? []), ...blocksIn(token)])
  ));
}

/** @param {Token} token @returns {Token[]} */
function blocksIn(token) {
  return token.type === 'blockquote' || token.type === 'list_item' ? token.tokens ?? [] : [];
}
