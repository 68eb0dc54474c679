// @ts-check
/**
 * What is known of one answer: a pure reducer over the protocol's events.
 *
 * Keeps true: after `complete` the text equals the stored content; an event
 * that was applied before changes nothing, and neither does an unknown one
 * (then the very same object comes back).
 */

import { isNews } from './run-events.js';

/**
 * @typedef {{stage: string, message: string, elapsed_ms: number | null, detail?: any}} Stage
 * @typedef {object} AnswerState
 * @property {'waiting'|'running'|'complete'|'failed'} status
 * @property {string} messageId
 * @property {string} conversationId
 * @property {string | null} parentId
 * @property {any} userMessage
 * @property {string} text
 * @property {number} rewrites grows when `text` was replaced and not appended to
 * @property {number} leaps grows when text came that was not written just now
 * @property {string} thinking
 * @property {number | null} confidence
 * @property {Stage[]} stages in the order in which they began
 * @property {string} stage the last one
 * @property {any} context
 * @property {any} metadata
 * @property {string} stopReason
 * @property {any} error
 * @property {string} resetReason why the last text was withdrawn
 * @property {string} lastId
 * @property {number} attempt
 * @property {string | null} provider
 * @property {string | null} model
 */

/** @type {Readonly<AnswerState>} */
export const initialAnswer = Object.freeze({
  status: /** @type {const} */ ('waiting'),
  messageId: '',
  conversationId: '',
  parentId: null,
  userMessage: null,
  text: '',
  rewrites: 0,
  leaps: 0,
  thinking: '',
  confidence: null,
  stages: [],
  stage: '',
  context: null,
  metadata: null,
  stopReason: '',
  error: null,
  resetReason: '',
  lastId: '',
  attempt: 0,
  provider: null,
  model: null,
});

/** @type {Record<string, (state: AnswerState, data: any) => Partial<AnswerState>>} */
const CHANGES = {
  user_message: (_, data) => ({ userMessage: data }),

  start: (state, data) => ({
    status: 'running',
    messageId: data.message_id,
    conversationId: data.conversation_id ?? state.conversationId,
    parentId: data.parent_id ?? null,
    attempt: data.attempt ?? 1,
    provider: data.provider ?? null,
    model: data.model ?? null,
    error: null,
  }),

  progress: (state, data) => ({
    status: 'running',
    stage: data.stage,
    stages: withStage(state.stages, data),
    // Before the first text another provider takes over within the attempt.
    ...(data.stage === 'fallback' && data.detail?.provider && {
      provider: data.detail.provider, model: data.detail.model ?? null,
    }),
  }),

  context: (_, data) => ({ context: data }),

  thinking: (state, data) => ({ thinking: state.thinking + data.content }),

  chunk: (state, data) => ({
    status: 'running', text: state.text + data.content, confidence: data.confidence ?? null,
  }),

  snapshot: (state, data) => ({
    status: 'running',
    ...replacedText(state, data.content ?? ''),
    leaps: state.leaps + 1,
    thinking: data.thinking ?? '',
    confidence: data.confidence ?? null,
    attempt: data.attempt ?? state.attempt,
    ...(data.stage && { stage: data.stage, stages: withStage(state.stages, data) }),
  }),

  reset: (state, data) => ({
    ...replacedText(state, ''), thinking: '', confidence: null, resetReason: data.reason ?? '',
  }),

  complete: (state, data) => ({
    status: 'complete',
    messageId: data.id ?? state.messageId,
    ...replacedText(state, data.content),
    metadata: data.metadata ?? null,
    confidence: data.metadata?.confidence ?? null,
    stopReason: data.metadata?.stop_reason ?? '',
    error: null,
  }),

  error: (_, data) => ({ status: 'failed', error: data }),
};

/**
 * The state after one more event.
 *
 * @param {AnswerState} state
 * @param {{id: string, event: string, data: any}} event
 * @returns {AnswerState}
 */
export function reduceAnswer(state, event) {
  const change = Object.hasOwn(CHANGES, event.event) ? CHANGES[event.event] : undefined;
  if (!change || !isNews(event, state.lastId)) return state;
  return { ...state, ...change(state, event.data), lastId: event.id || state.lastId };
}

/** @param {AnswerState} state @param {string} text */
function replacedText(state, text) {
  if (text === state.text) return {};
  // A longer text with the same beginning can still be appended to the page.
  const rewritten = !text.startsWith(state.text);
  return { text, rewrites: state.rewrites + Number(rewritten) };
}

/** @param {Stage[]} stages @param {any} data @returns {Stage[]} */
function withStage(stages, data) {
  const { stage, message = '', elapsed_ms = null, detail } = data;
  const next = { stage, message, elapsed_ms, ...(detail !== undefined && { detail }) };
  const last = stages.at(-1);
  if (last?.stage !== stage) return [...stages, next];
  // Who waits in the queue began to wait with the first place that was told.
  if (stage === 'queued') next.elapsed_ms = last?.elapsed_ms ?? elapsed_ms;
  // A snapshot names the stage alone; what its own event said is worth more.
  return message === '' ? stages : [...stages.slice(0, -1), next];
}
