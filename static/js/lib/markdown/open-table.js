// @ts-check
/**
 * A table that is still being written: finished rows stay, and a new row is
 * read with the two lines of the head alone.
 */

/**
 * @typedef {import('./dialect.js').Token} Token
 * @typedef {import('./stream-context.js').StreamContext} StreamContext
 */

const HEAD = /^[^\n]*\n[^\n]*\n/;

/**
 * The open block for a table; null for other tokens.
 *
 * @param {Token} token @param {StreamContext} context
 */
export function openTable(token, context) {
  const head = token.type === 'table' ? HEAD.exec(token.raw.endsWith('\n') ? token.raw : `${token.raw}\n`) : null;
  return head ? createOpenTable(head[0], context) : null;
}

/** @param {string} head @param {StreamContext} context */
function createOpenTable(head, { read, painter }) {
  /** @type {Element[]} */
  let provisional = [];
  const raw = [head];
  let started = false;

  /** @param {string} source rows, and what may follow them */
  function readRows(source) {
    const { blocks, inline } = read(head + source);
    inline();
    const [token, ...rest] = blocks;
    if (token?.type !== 'table') throw new TypeError('a table began and is none');
    return { token, rest, length: skipLineEnd(source, token.raw.length - head.length) };
  }

  /** @param {Token} token */
  function paint(token) {
    return /** @type {Element} */ (painter.paintBlock(token)[0]);
  }

  /** @param {Element} frame */
  function tableIn(frame) {
    return /** @type {HTMLTableElement} */ (frame.querySelector('table'));
  }

  /** @param {Token} token */
  function append(token) {
    const rows = [...(tableIn(paint(token)).tBodies[0]?.rows ?? [])];
    if (rows.length === 0) return [];
    const body = table.tBodies[0] ?? table.createTBody();
    body.append(...rows);
    return rows;
  }

  function withdraw() {
    for (const row of provisional) row.remove();
    provisional = [];
    const body = table.tBodies[0];
    if (body && body.rows.length === 0) body.remove();
  }

  const frame = paint(readRows('').token);
  const table = tableIn(frame);

  return {
    nodes: [/** @type {ChildNode} */ (frame)],
    raw: () => raw.join(''),
    /** @type {Token[]} */
    tokens: [],

    /** @param {string} source @param {boolean} final */
    settle(source, final) {
      const start = started ? 0 : head.length;
      started = true;
      withdraw();
      const rows = source.slice(start);
      if (rows === '') return { length: start, ended: final };
      const { token, length } = readRows(rows);
      append(token);
      raw.push(rows.slice(0, length));
      // Lines that are no rows end it, a blank one too.
      return { length: start + length, ended: final || length < rows.length };
    },

    /** @param {string} source @returns {Token[]} */
    show(source) {
      withdraw();
      if (source.trim() === '') return [];
      const { token, rest } = readRows(source);
      provisional = append(token);
      return rest;
    },
  };
}

/**
 * @param {string} text
 * @param {number} position negative where no row was read: the head's own end
 */
function skipLineEnd(text, position) {
  if (position <= 0) return 0;
  return text[position] === '\n' ? position + 1 : position;
}
