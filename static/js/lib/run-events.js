// @ts-check
/**
 * Names and ids (`<attempt>-<seq>`) of a run's events: what they mean and how
 * they are ordered. Ids of one message only ever grow, so an event whose id is not
 * greater has been applied before. Imports nothing.
 */

/** @typedef {{attempt: number, seq: number}} EventId */

const ENDINGS = new Set(['complete', 'error']);
const KNOWN = new Set([
  'user_message', 'start', 'progress', 'context', 'thinking', 'chunk', 'snapshot', 'reset',
  ...ENDINGS,
]);

/**
 * Reads an id; null for anything that is not `<attempt>-<seq>`.
 *
 * @param {string} text
 * @returns {EventId | null}
 */
export function parseEventId(text) {
  const match = /^([0-9]{1,15})-([0-9]{1,15})$/.exec(text);
  return match ? { attempt: Number(match[1]), seq: Number(match[2]) } : null;
}

/**
 * Whether an id is greater than another, by number and not by spelling.
 *
 * @param {EventId} id @param {EventId} than
 */
export function isGreater(id, than) {
  return id.attempt === than.attempt ? id.seq > than.seq : id.attempt > than.attempt;
}

/**
 * Whether an event still has to be applied after the one with id `lastId`.
 *
 * An ending counts as news within its attempt even when its id is not
 * greater: a finished run answers a resume with its `complete`, and to drop
 * that would mean to follow for ever. An earlier attempt's ending is stale.
 *
 * @param {{id: string, event: string}} event @param {string} lastId
 */
export function isNews(event, lastId) {
  const id = parseEventId(event.id);
  const last = parseEventId(lastId);
  if (!id || !last) return true;
  return isGreater(id, last) || (isEnding(event) && id.attempt === last.attempt);
}

/**
 * Whether the protocol has an event of this name.
 *
 * @param {string} name
 */
export function isKnown(name) {
  return KNOWN.has(name);
}

/**
 * Whether the event ends its run.
 *
 * @param {{event: string}} event
 */
export function isEnding(event) {
  return ENDINGS.has(event.event);
}
