// @ts-check
/**
 * What somebody has begun to write, kept per conversation in this browser: a
 * reload, a crash or a refused send never costs a draft.
 *
 * Keeps true: a full or forbidden store is no error, the draft then lives as
 * long as the page; the oldest drafts make room for the newest. Imports nothing.
 */

const PREFIX = 'parley:draft:';
const KEPT = 50;

/**
 * @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>} Store
 * @typedef {{text: string, at: number}} Draft
 */

/**
 * @param {Store | null} [store] @param {() => number} [now]
 */
export function createDrafts(store = browserStore(), now = Date.now) {
  /** @type {Map<string, Draft>} */
  const inMemory = new Map();

  /** @param {string} conversation @returns {string} "" where there is none */
  function read(conversation) {
    const draft = inMemory.get(conversation) ?? stored(store, PREFIX + conversation);
    return draft?.text ?? '';
  }

  /** @param {string} conversation @param {string} text */
  function write(conversation, text) {
    if (text.trim() === '') return remove(conversation);
    const draft = { text, at: now() };
    inMemory.set(conversation, draft);
    if (store) put(store, PREFIX + conversation, draft);
  }

  /** @param {string} conversation */
  function remove(conversation) {
    inMemory.delete(conversation);
    attempt(() => store?.removeItem(PREFIX + conversation));
  }

  return { read, write, remove };
}

/** The browser's store, or null where it is forbidden. */
function browserStore() {
  return attempt(() => globalThis.localStorage) ?? null;
}

/** @param {Store | null} store @param {string} key @returns {Draft | null} */
function stored(store, key) {
  const draft = attempt(() => JSON.parse(store?.getItem(key) ?? 'null'));
  return typeof draft?.text === 'string' ? { text: draft.text, at: Number(draft.at) || 0 } : null;
}

/** @param {Store} store @param {string} key @param {Draft} draft */
function put(store, key, draft) {
  const value = JSON.stringify(draft);
  makeRoom(store, key, KEPT);
  for (let kept = KEPT; ; kept = Math.floor(kept / 2)) {
    if (attempt(() => { store.setItem(key, value); return true; })) return;
    if (kept === 0) break;
    makeRoom(store, key, Math.floor(kept / 2));
  }
  // An older text in its place would come back as if it were the newest.
  attempt(() => store.removeItem(key));
}

/**
 * Removes the oldest other drafts until fewer than `kept` are left.
 *
 * @param {Store} store @param {string} key @param {number} kept
 */
function makeRoom(store, key, kept) {
  attempt(() => {
    const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '')
      .filter((other) => other.startsWith(PREFIX) && other !== key)
      .sort((a, b) => (stored(store, b)?.at ?? 0) - (stored(store, a)?.at ?? 0));
    for (const old of keys.slice(Math.max(0, kept - 1))) store.removeItem(old);
  });
}

/**
 * What `run` returns; undefined when the browser refuses.
 *
 * @template T
 * @param {() => T} run
 */
function attempt(run) {
  try {
    return run();
  } catch {
    return undefined;
  }
}
