// @ts-check
/**
 * The form in which questions are written. It keeps what is typed until the server has taken it: over
 * reloads, refusals and lost connections. While an answer runs, Stop stands where Send was.
 */

import { uuid } from '../lib/ids.js';
import { createDrafts } from '../lib/drafts.js';
import { emit, listen } from '../events.js';
import { growWithText } from './autosize.js';
import { onComposerKeys } from './composer-keys.js';
import { createComposerNotices } from './composer-notices.js';
import { rememberDepth } from './depth.js';
import { chosenWriter, rememberWriter } from './writer.js';

/** @param {HTMLElement} element */
export function mount(element) {
  const form = /** @type {HTMLFormElement} */ (element);
  const input = /** @type {HTMLTextAreaElement} */ (form.querySelector('[data-role="input"]'));
  const parts = partsOf(form);
  const drafts = createDrafts();
  const notices = createComposerNotices(form);
  const resize = growWithText(input);
  let conversation = form.dataset['conversation'] ?? '';
  let clientId = uuid();
  let sent = '';
  let isRunning = !parts.stop.hidden;
  let isSending = false;

  function write(/** @type {string} */ text) {
    input.value = text;
    drafts.write(conversation, text);
    resize();
  }

  function show() {
    const waits = notices.isWaiting && !isRunning;
    const stops = isRunning || isSending;
    parts.send.hidden = stops || waits;
    parts.stop.hidden = !stops;
    parts.wait.hidden = !waits;
    parts.keysSend.hidden = stops;
    parts.keysStop.hidden = !stops;
    input.readOnly = isSending;
    input.placeholder = placeholderOf(conversation, isRunning);
    form.toggleAttribute('data-sending', isSending);
  }

  function ask() {
    const content = input.value.trim();
    if (!content || isRunning || isSending || notices.isWaiting) return;
    if (notices.refuseTooLong(content)) return;
    // The same words again are the same send; other words are another one.
    if (content !== sent) clientId = uuid();
    sent = content;
    const data = new FormData(form);
    const parentId = String(data.get('parent_id') ?? '');
    emit('ask', {
      content, clientId, depth: String(data.get('depth')),
      ...chosenWriter(), ...(parentId && { parentId }),
    });
  }

  function taken(/** @type {string} */ content) {
    isSending = false;
    notices.clear();
    if (content !== sent) return;
    drafts.write(conversation, '');
    sent = '';
    if (input.value.trim() === content) write('');
  }

  function refused(/** @type {import('../events.js').Details['refused']} */ { content, problem }) {
    isSending = isRunning = false;
    if (!input.value) write(content);
    notices.show(problem, show);
    show();
    input.focus();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask();
  });
  input.addEventListener('input', () => drafts.write(conversation, input.value));
  parts.stop.addEventListener('click', () => emit('stop', {}));
  onComposerKeys(input, { ask, isBusy: () => isRunning || isSending });
  rememberDepth(form);
  rememberWriter(form);

  listen('asking', () => {
    isSending = true;
    show();
  });
  listen('taken', ({ content, conversationId }) => {
    taken(content);
    conversation ||= conversationId;
    form.action = `/c/${conversation}`;
    // The next question follows this answer, whatever version the page was opened on.
    form.querySelector('[name="parent_id"]')?.remove();
    show();
  });
  listen('refused', refused);
  listen('run', ({ running }) => {
    isRunning = running;
    isSending &&= running;
    show();
  });

  const draft = drafts.read(conversation);
  if (draft && !input.value) write(draft);
  show();
}

/** @param {string} conversation @param {boolean} isRunning */
function placeholderOf(conversation, isRunning) {
  if (isRunning) return 'Write the next question while you wait';
  return conversation ? 'Ask the next question' : 'Ask a question';
}

/** @param {HTMLFormElement} form */
function partsOf(form) {
  const role = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (form.querySelector(`[data-role="${name}"]`));
  return {
    send: role('send'), stop: role('stop'), wait: role('wait'),
    keysSend: role('keys-send'), keysStop: role('keys-stop'),
  };
}
