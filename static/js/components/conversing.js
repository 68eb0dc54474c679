// @ts-check
/**
 * Asking, writing another version, going on, following, stopping: at most one exchange of the page at
 * a time. What an exchange takes the place of comes back when the server refuses it.
 */

import { callApi } from '../lib/api.js';
import { emit } from '../events.js';
import { newAnswer, settleAnswer } from './answer-view.js';
import { takeOut } from './branch.js';
import { createExchange } from './exchange.js';
import { pendingQuestion, showVersions } from './question-view.js';
import { reopenAnswer } from './reopening.js';

const SETTLE_MS = 4000;

/**
 * @typedef {import('../events.js').Question} Question
 * @typedef {{answer: HTMLElement, question?: HTMLElement, content?: string, undo?: () => void}} Change
 */

/**
 * @param {{column: HTMLElement, place: ReturnType<typeof import('./place.js').createPlace>,
 *   onDrawn: () => void, onBegin: () => void}} page
 */
export function createConversing({ column, place, onDrawn, onBegin }) {
  /** @type {ReturnType<typeof createExchange> | null} */
  let current = null;
  /** @type {(() => void) | null} takes back what is not stored yet */
  let takeBack = null;

  /** @param {Change} change */
  function begin({ answer, question, content = '', undo = () => {} }) {
    takeBack = () => {
      undo();
      end();
    };
    current = createExchange({
      conversationId: place.id,
      answer,
      ...(question && { question }),
      onTaken(state) {
        takeBack = null;
        emit('taken', { content, conversationId: place.id });
        tellRun(true, state.messageId);
        afterTaken(question);
      },
      onEnded(state) {
        end();
        settleSoon(answer);
        tellRun(false, state.messageId);
      },
      onRefused: (problem) => refused(content, problem),
      onDrawn,
    });
    return current;
  }

  /** What only completes the picture; without it everything goes on. @param {HTMLElement} [question] */
  function afterTaken(question) {
    const shown = [place.settle()];
    if (question?.dataset['edited']) shown.push(showVersions(question, place.id));
    Promise.all(shown).catch(() => {});
  }

  function end() {
    current = takeBack = null;
  }

  /** @param {boolean} running @param {string} messageId */
  function tellRun(running, messageId) {
    emit('run', { running, conversationId: place.id, messageId });
  }

  /** @param {string} content @param {any} problem null when it was taken back here */
  function refused(content, problem) {
    const wasRunning = current?.isTaken;
    takeBack?.();
    end();
    if (wasRunning) tellRun(false, '');
    emit('refused', { content, problem });
    if (problem?.code === 'not_found') emit('resync', {});
  }

  /** @param {Question} question */
  async function ask({ content, clientId, depth, provider, model, parentId, edited }) {
    if (current || takeBack) return;
    const restore = edited ? takeOut(edited) : () => {};
    const parent = edited ? edited.dataset['parentId'] || null : parentId;
    const asked = pendingQuestion(content, parent ?? '');
    const answer = newAnswer();
    if (edited) asked.dataset['edited'] = 'true';
    column.append(asked, answer);
    const undo = () => {
      asked.remove();
      answer.remove();
      restore();
    };
    const mine = (takeBack = () => {
      undo();
      end();
    });
    emit('asking', { content });
    onBegin();
    try {
      const id = await place.make();
      if (takeBack !== mine) return;
      const how = { depth, provider, model, ...(parent !== undefined && { parent_id: parent }) };
      const exchange = begin({ answer, question: asked, content: edited ? '' : content, undo });
      exchange.send(`/api/conversations/${id}/messages/stream`, { content, client_id: clientId, ...how });
    } catch (problem) {
      if (takeBack === mine) refused(content, problem);
    }
  }

  /** Writes another version of an answer. @param {HTMLElement} article @param {object} how */
  function regenerate(article, how) {
    if (current || takeBack) return;
    const undo = takeOut(article);
    const answer = newAnswer();
    column.append(answer);
    const restore = () => {
      answer.remove();
      undo();
    };
    emit('asking', { content: '' });
    begin({ answer, undo: restore }).send(addressOf(article, 'regenerate/stream'), { ...how });
    onBegin();
  }

  /** Finishes an answer that was cut short. @param {HTMLElement} article @param {object} how */
  function goOn(article, how) {
    if (current || takeBack) return;
    const undo = reopenAnswer(article);
    emit('asking', { content: '' });
    begin({ answer: article, undo }).send(addressOf(article, 'continue/stream'), { ...how });
  }

  /** Follows an answer that runs already. @param {HTMLElement} article */
  function follow(article) {
    if (current || takeBack) return;
    const messageId = article.dataset['messageId'] ?? '';
    begin({ answer: article }).follow(messageId);
    takeBack = null;
    tellRun(true, messageId);
  }

  /** Follows the answer of the column that runs, if one does. */
  function followRunning() {
    const running = column.querySelectorAll('[data-status="running"][data-message-id]');
    const last = /** @type {HTMLElement | undefined} */ ([...running].at(-1));
    if (last) follow(last);
  }

  async function stop() {
    if (takeBack) {
      current?.close();
      const content = '';
      takeBack();
      return emit('refused', { content, problem: null });
    }
    const messageId = current?.state.messageId || current?.answer.dataset['messageId'];
    if (!messageId) return undefined;
    try {
      await callApi('POST', `/api/messages/${messageId}/stop`);
    } catch {
      emit('toast', { text: 'The answer could not be stopped. Try again.', kind: 'bad' });
    }
    return undefined;
  }

  return {
    ask, regenerate, goOn, followRunning, stop,
    get isBusy() {
      return current !== null || takeBack !== null;
    },
  };
}

/** @param {HTMLElement} article @param {string} what */
function addressOf(article, what) {
  return `/api/messages/${article.dataset['messageId']}/${what}`;
}

/**
 * The network may be away in the moment when an answer ends: then what stands around it comes later.
 *
 * @param {HTMLElement} article @param {number} [tries]
 */
async function settleSoon(article, tries = 6) {
  try {
    await settleAnswer(article);
  } catch {
    if (tries > 1) setTimeout(() => article.isConnected && settleSoon(article, tries - 1), SETTLE_MS);
    else emit('toast', { text: 'The sources of this answer could not be loaded. Reload to see them.', kind: 'bad' });
  }
}
