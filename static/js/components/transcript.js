// @ts-check
/**
 * The column of messages: what can be done in it, and the answer in it that is being written, whether
 * it was asked here, in another tab, or found running when the page was opened.
 */

import { listen } from '../events.js';
import { answerCitations } from './citations.js';
import { colourCode } from './code-colours.js';
import { createConversing } from './conversing.js';
import { answerCopying } from './copying.js';
import { answerEditing, editLast } from './editing.js';
import { loadOlder } from './older.js';
import { keepUpWithOthers } from './other-tabs.js';
import { createPlace } from './place.js';
import { answerRatings } from './rating.js';
import { keepPlace } from './reading-place.js';
import { chosenDepth } from './depth.js';
import { chosenWriter } from './writer.js';

/** @param {HTMLElement} section */
export function mount(section) {
  const column = /** @type {HTMLElement} */ (section.querySelector('[data-role="messages"]'));
  const place = createPlace(section);
  const reader = keepPlace(section);
  const conversing = createConversing({
    column, place, onDrawn: reader.grew, onBegin: () => begin(section, reader),
  });

  answerCopying(column);
  answerCitations(column);
  answerRatings(column);
  colourCode(column);
  loadOlder(section, column);
  answerEditing(column, (edited, content) => conversing.ask({ content, edited, ...chosenHow() }));
  answerActions(conversing);
  keepUpWithOthers(column, place, conversing);
  listen('ask', conversing.ask);
  listen('stop', conversing.stop);
  listen('escape', () => conversing.isBusy && conversing.stop());
  listen('editLast', () => editLast(column));
  conversing.followRunning();
}

/** @param {HTMLElement} section @param {ReturnType<typeof keepPlace>} reader */
function begin(section, reader) {
  section.hidden = false;
  document.querySelector('[data-role="welcome"]')?.remove();
  reader.toEnd();
}

/** What stands in the composer, for what is asked elsewhere. */
function chosenHow() {
  return { depth: chosenDepth(), ...chosenWriter() };
}

/** @typedef {ReturnType<typeof createConversing>} Conversing */

/** The buttons are forms, so that they work without this script. @param {Conversing} conversing */
function answerActions(conversing) {
  document.addEventListener('submit', (event) => {
    const button = /** @type {SubmitEvent} */ (event).submitter;
    const article = /** @type {HTMLElement | null | undefined} */ (button?.closest('article'));
    const action = button?.dataset['action'];
    const how = chosenHow();
    if (action === 'suggest') conversing.ask({ content: /** @type {any} */ (button).value, ...how });
    else if (action === 'regenerate' && article) conversing.regenerate(article, how);
    else if (action === 'continue' && article) conversing.goOn(article, how);
    else return;
    event.preventDefault();
  });
}
