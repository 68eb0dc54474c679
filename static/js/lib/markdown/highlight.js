// @ts-check
/**
 * Colours in finished code blocks. A worker reads the code; it starts with the
 * first block that needs it. What comes back is put in while the page is idle.
 *
 * Keeps true: the text of a block is the same before and after. The colours
 * are built as elements, never parsed as HTML by the page.
 */

const PIECE = /<span class="([^"]*)">|<\/span>|&(?:amp|lt|gt|quot|#x27);|[^<&]+/g;
const ENTITIES = /** @type {Record<string, string>} */ ({
  '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'",
});
const LONGEST_COLOURED = 60_000;
const PIECES_A_TURN = 1500;

/** Blocks at the worker, by the number of their request. @type {Map<number, HTMLElement>} */
const asked = new Map();
/** @type {{resolve: () => void, promise: Promise<void>} | null} */
let rest = null;
/** @type {Worker | null} */
let worker = null;
let requests = 0;

/**
 * Colours the code blocks in these nodes, soon.
 *
 * @param {Iterable<Node>} nodes
 */
export function highlightIn(nodes) {
  for (const node of nodes) {
    if (!(node instanceof HTMLElement)) continue;
    node.querySelectorAll('code[data-language]:not([data-coloured])').forEach((code) => {
      ask(/** @type {HTMLElement} */ (code));
    });
  }
}

/** Settles when every block that was waiting has its colours. */
export async function whenHighlighted() {
  await rest?.promise;
}

/** @param {HTMLElement} code */
function ask(code) {
  const text = code.textContent ?? '';
  code.dataset['coloured'] = '';
  if (text === '' || text.length > LONGEST_COLOURED) return;
  worker ??= startWorker();
  rest ??= withResolvers();
  requests += 1;
  asked.set(requests, code);
  worker.postMessage({ id: requests, text, language: code.dataset['language'] });
}

function startWorker() {
  const started = new Worker(new URL('./highlight-worker.js', import.meta.url), { type: 'module' });
  started.addEventListener('message', async ({ data: { id, html } }) => {
    const code = asked.get(id);
    if (code && html !== null) await colour(code, html);
    settle(id);
  });
  started.addEventListener('error', (event) => {
    // Without colours the code is still there to read.
    console.warn('Code stays without colours:', event.message);
    [...asked.keys()].forEach(settle);
  });
  return started;
}

/** @param {number} id */
function settle(id) {
  asked.delete(id);
  if (asked.size > 0) return;
  rest?.resolve();
  rest = null;
}

/** @param {HTMLElement} code @param {string} html */
async function colour(code, html) {
  const coloured = await build(html);
  if (coloured.textContent === code.textContent) code.replaceChildren(coloured);
}

/**
 * The highlighter's HTML, which knows spans with a class and five entities.
 *
 * @param {string} html
 */
async function build(html) {
  const fragment = document.createDocumentFragment();
  /** @type {(DocumentFragment | Element)[]} */
  const path = [fragment];
  let pieces = 0;
  for (const [piece, className] of html.matchAll(PIECE)) {
    if (pieces % PIECES_A_TURN === 0) await idle();
    pieces += 1;
    addPiece(path, piece, className);
  }
  fragment.normalize();
  return fragment;
}

/**
 * @param {(DocumentFragment | Element)[]} path the open elements
 * @param {string} piece @param {string} [className]
 */
function addPiece(path, piece, className) {
  const parent = /** @type {Element} */ (path.at(-1) ?? path[0]);
  if (className !== undefined) {
    const span = document.createElement('span');
    span.className = className;
    parent.append(span);
    path.push(span);
  } else if (piece === '</span>') path.pop();
  else parent.append(ENTITIES[piece] ?? piece);
}

function idle() {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(resolve, { timeout: 500 });
    else setTimeout(resolve, 16);
  });
}

/** A promise and what settles it. */
function withResolvers() {
  let resolve = () => {};
  const promise = /** @type {Promise<void>} */ (new Promise((done) => { resolve = done; }));
  return { resolve, promise };
}
