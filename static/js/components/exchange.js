// @ts-check
/**
 * One question and its answer while the answer is made: follows the run, draws it at most once a
 * frame, and tells the page.
 */

import { initialAnswer, reduceAnswer } from '../lib/answer-state.js';
import { csrfHeaders } from '../lib/api.js';
import { createStreamClient } from '../lib/stream-client.js';
import { browserWake } from '../lib/wake.js';
import { emit } from '../events.js';
import { createAnswerView } from './answer-view.js';
import { createFrames } from './frames.js';
import { takeQuestion } from './question-view.js';

/**
 * @typedef {import('../lib/answer-state.js').AnswerState} AnswerState
 * @typedef {import('../lib/stream-client.js').StreamState} StreamState
 * @typedef {object} Parts
 * @property {string} conversationId
 * @property {HTMLElement} answer
 * @property {HTMLElement} [question] pending, when this exchange asks one
 * @property {(state: AnswerState) => void} onTaken the server has stored what was asked for
 * @property {(state: AnswerState) => void} onEnded
 * @property {(problem: any) => void} onRefused
 * @property {() => void} onDrawn
 */

/** @typedef {ReturnType<typeof createExchange>} Exchange */

/** @param {Parts} parts */
export function createExchange({ conversationId, answer, question, onTaken, onEnded, onRefused, onDrawn }) {
  /** @type {AnswerState} */
  let state = { ...initialAnswer, conversationId };
  /** What was drawn last. @type {AnswerState} */
  let drawn = state;
  let taken = false;
  const view = createAnswerView(answer);
  const frames = createFrames(draw);
  const client = createStreamClient({ headers: () => csrfHeaders(), wake: browserWake(), onEvent, onState });

  function draw() {
    if (state !== drawn) {
      drawn = state;
      view.show(state);
      emit('answer', { state, article: answer });
    }
    const isBehind = view.reveal();
    onDrawn();
    if (isBehind) frames.request();
  }

  /** @param {any} event */
  function onEvent(event) {
    state = reduceAnswer(state, event);
    if (!taken) begin();
    frames.request();
    if (state.status === 'complete' || state.status === 'failed') end();
  }

  function begin() {
    taken = true;
    if (question && state.userMessage) takeQuestion(question, conversationId, state.userMessage);
    onTaken(state);
  }

  function end() {
    frames.flush();
    view.end(state);
    onEnded(state);
    onDrawn();
  }

  /** @param {StreamState} connection */
  function onState(connection) {
    emit('connection', { ...connection, retry: () => client.retryNow() });
    if (connection.state === 'failed') onRefused(connection.problem);
  }

  return {
    answer,
    get state() {
      return state;
    },
    get isTaken() {
      return taken;
    },
    /** @param {string} url @param {Record<string, unknown>} body */
    send(url, body) {
      client.send(url, body);
    },
    /** @param {string} messageId */
    follow(messageId) {
      taken = true;
      client.follow(messageId);
    },
    close() {
      client.close();
      emit('connection', { state: 'done' });
    },
  };
}
