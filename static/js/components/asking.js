// @ts-check
/** In a room one answer runs at a time: who else has asked for the one that does. */

import { listen } from '../events.js';
import { fill } from './template.js';

/** @param {HTMLElement} line hidden while nobody else is asking */
export function mount(line) {
  const me = line.dataset['me'];
  let conversation = line.dataset['conversation'] ?? '';

  /** @param {string} who */
  function show(who) {
    fill(line, 'text', who && `${who} is asking…`);
    line.hidden = !who;
  }

  listen('taken', ({ conversationId }) => {
    conversation ||= conversationId;
  });
  listen('news', ({ happening, conversation_id: id, by }) => {
    if (id === conversation) show(happening === 'started' && by?.id !== me ? by.name : '');
  });
  listen('run', ({ running, conversationId }) => {
    if (!running && conversationId === conversation) show('');
  });
}
