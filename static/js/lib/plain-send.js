// @ts-check
/**
 * The send without streaming, told as events: what a page shows for it is the
 * same as for a stream that brought everything at once.
 */

/** @typedef {import('./stream-response.js').RunEvent} RunEvent */

const STREAM_SUFFIX = /\/messages\/stream$/;

/**
 * The address of the plain send for a streamed one, or null where the
 * protocol has none (regenerate, continue).
 *
 * @param {string} url
 */
export function plainAddress(url) {
  return STREAM_SUFFIX.test(url) ? url.replace(STREAM_SUFFIX, '/messages') : null;
}

/**
 * The events that a stream would have brought for `{user_message, message}`.
 *
 * @param {{user_message?: any, message: any}} answer @param {string} clientId
 * @returns {RunEvent[]}
 */
export function eventsOf({ user_message: question, message }, clientId) {
  const events = [];
  if (question) {
    const { id, content, created_at } = question;
    events.push(eventOf('user_message', { id, content, created_at, client_id: clientId }));
  }
  events.push(eventOf('start', startOf(message)));
  events.push(...endingOf(message));
  return events;
}

/** @param {any} message */
function startOf(message) {
  const { id, conversation_id, parent_id, metadata } = message;
  return {
    message_id: id,
    conversation_id,
    parent_id: parent_id ?? null,
    attempt: metadata?.attempts ?? 1,
    provider: message.provider ?? metadata?.provider ?? null,
    model: message.model ?? metadata?.model ?? null,
  };
}

/**
 * What a follower of an ended run is told: `complete`, or the text and why it ended.
 *
 * @param {any} message @returns {RunEvent[]}
 */
function endingOf({ id, content, thinking, metadata }) {
  const { error } = metadata ?? {};
  if (!error) return [eventOf('complete', { id, content, metadata: metadata ?? {} })];
  const attempt = metadata.attempts ?? 1;
  const snapshot = { content, thinking: thinking ?? '', confidence: null, stage: null, attempt };
  return [eventOf('snapshot', snapshot), eventOf('error', error)];
}

/** @param {string} event @param {object} data @returns {RunEvent} */
function eventOf(event, data) {
  return { id: '', event, data };
}
