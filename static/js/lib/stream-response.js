// @ts-check
/**
 * One response of a run: its events, in the order of its bytes.
 *
 * One decoder serves the whole response, because a character's bytes may be
 * cut anywhere; it leaves the byte order mark to the parser, which drops one.
 */

import { isKnown } from './run-events.js';
import { createParser } from './sse-parser.js';
import { Problem } from './problem.js';

/** @typedef {{id: string, event: string, data: any}} RunEvent `data` is the parsed JSON */

/**
 * Reads a response to its end and hands over each event of the protocol;
 * one with an unknown name is a later protocol's and no concern of this page.
 *
 * `onBytes` is called for whatever arrives, comments too. Rejects when the
 * response is not an event stream, when it breaks off, or when an event's data
 * is not JSON: in each case what follows cannot be trusted.
 *
 * @param {Response} response
 * @param {{onBytes: () => void, onEvent: (event: RunEvent) => void}} callbacks
 */
export async function readEvents(response, { onBytes, onEvent }) {
  if (!response.body || !isEventStream(response)) throw notAStream(response);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      if (isKnown(event)) onEvent({ id, event, data: JSON.parse(data) });
    },
  });
  const reader = response.body.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    onBytes();
    parser.feed(decoder.decode(value, { stream: true }));
  }
}

/** @param {Response} response */
function isEventStream(response) {
  return /^text\/event-stream\b/i.test(response.headers.get('Content-Type') ?? '');
}

/** @param {Response} response */
function notAStream(response) {
  return new Problem({
    status: response.status,
    code: 'unavailable',
    title: 'Something between this page and the server answered in its place',
  });
}
