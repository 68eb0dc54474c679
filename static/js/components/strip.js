// @ts-check
/** The strip below the header: how the running answer is reached, when it is not simply so. */

import { listen } from '../events.js';
import { fill, fromTemplate, slot } from './template.js';

/** @typedef {import('../events.js').Details['connection']} Connection */

/** @param {HTMLElement} place */
export function mount(place) {
  /** @type {HTMLElement | null} */
  let strip = null;
  let retry = () => {};

  function hide() {
    strip?.remove();
    strip = null;
  }

  /** @param {Connection} connection */
  function show(connection) {
    const says = wordsOf(connection);
    if (!says) return hide();
    retry = connection.retry ?? retry;
    if (!strip) {
      strip = fromTemplate('t-strip');
      strip.querySelector('[data-action="retry-now"]')?.addEventListener('click', () => retry());
      place.append(strip);
    }
    fill(strip, 'text', says.text);
    fill(strip, 'note', says.note);
    const spinner = slot(strip, 'spinner');
    if (spinner) spinner.hidden = connection.state === 'gave-up';
    return strip.setAttribute('role', connection.state === 'gave-up' ? 'alert' : 'status');
  }

  // While a lost connection is tried again there is nothing new to say.
  listen('connection', (connection) => connection.state !== 'connecting' && show(connection));
}

/** @param {Connection} connection */
function wordsOf({ state, attempt = 0, of = 0, problem }) {
  // The try at once is over before anybody could read of it.
  if (state === 'reconnecting' && attempt === 0) return null;
  if (state === 'reconnecting') {
    const text = problem?.detail || 'Connection lost — picking up where it stopped…';
    return { text, note: `attempt ${attempt} of ${of}` };
  }
  if (state === 'offline') {
    return { text: 'You are offline — the answer goes on without you, and will be here when you are back.', note: '' };
  }
  if (state === 'gave-up') {
    return { text: 'The server cannot be reached. What was written so far is safe.', note: '' };
  }
  return null;
}
