// @ts-check
/**
 * The finished blocks of a growing text. They are not touched again, with one
 * exception: a link's definition may come after the text that uses it, and
 * then the blocks that name it, and no others, are painted anew.
 */

/**
 * @typedef {import('./dialect.js').Token} Token
 * @typedef {import('./stream-context.js').StreamContext} StreamContext
 */

const LABEL = /\[((?:\\.|[^\[\]\\])+)\]/g;

/**
 * @param {StreamContext} context
 * @param {(nodes: ChildNode[]) => void} onPainted
 */
export function createFinishedBlocks(context, onPainted) {
  /** @type {{raw: string, nodes: ChildNode[], labels: Set<string>}[]} */
  let waiting = [];

  /**
   * @param {{raw: string, nodes: ChildNode[]}} block
   * @param {Token[]} tokens in which its definitions are looked for
   */
  function add({ raw, nodes }, tokens) {
    const labels = labelsIn(raw);
    if (labels.size > 0 && nodes.length > 0) waiting.push({ raw, nodes, labels });
    onPainted(nodes);
    const names = context.define(tokens);
    if (names.length > 0) repaint(names);
  }

  /** @param {string[]} names */
  function repaint(names) {
    for (const block of waiting) {
      if (!names.some((name) => block.labels.has(name))) continue;
      const { blocks, inline } = context.read(block.raw);
      inline();
      const fresh = blocks.flatMap((token) => context.painter.paintBlock(token));
      block.nodes[0]?.replaceWith(...fresh);
      for (const node of block.nodes) node.remove();
      block.nodes = fresh;
      onPainted(fresh);
    }
  }

  return { add, clear: () => { waiting = []; } };
}

/** @param {string} raw */
function labelsIn(raw) {
  const labels = new Set();
  if (!raw.includes('[')) return labels;
  for (const [, label = ''] of raw.matchAll(LABEL)) labels.add(normalize(label));
  return labels;
}

/**
 * A label as marked compares it: without case, white space as one space.
 *
 * @param {string} label
 */
function normalize(label) {
  return label.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase().toLowerCase();
}
