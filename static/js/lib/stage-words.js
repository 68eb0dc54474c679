// @ts-check
/**
 * What an answer's stages are called, and what they tell of how it came about: who writes instead of
 * whom, and how long was thought. `chat/web/stages.py` says the same without scripts.
 *
 * Pure; imports nothing but how durations are written.
 */

import { duration } from './format.js';

/**
 * @typedef {import('./answer-state.js').Stage} Stage
 * @typedef {import('./answer-state.js').AnswerState} AnswerState
 * @typedef {{symbol: string, strong: string, text: string}} Detour
 */

const WORDS = /** @type {Record<string, string>} */ ({
  queued: 'Waiting in the queue',
  loading_context: 'Loading conversation context',
  searching_knowledge: 'Searching the library',
  analyzing: 'Analyzing',
  thinking: 'Thinking',
  answering: 'Writing the answer',
  cached: 'Found an answer of before',
  retrying: 'Trying again',
  fallback: 'Asking another provider',
  recovering: 'Picking up after a restart',
});
const SYMBOLS = /** @type {Record<string, string>} */ ({
  retrying: 'refresh', fallback: 'swap', recovering: 'refresh', queued: 'clock',
});
const FIRST_SENTENCE = /^.*?[.!?](?=\s|$)/s;

/**
 * The words for a step in a row of them; a snapshot names a stage without its words. Why a provider
 * failed takes more room than a step has.
 *
 * @param {Stage} stage @param {boolean} [isDone]
 */
export function stageWords({ stage, message, detail }, isDone = false) {
  if (stage === 'queued') return isDone ? 'Waited in the queue' : message || WORDS['queued'] || stage;
  if (stage === 'retrying' && detail?.provider) return `Asking ${detail.provider} again`;
  if (stage === 'fallback' && detail?.provider) return `Asking ${detail.provider}`;
  if (stage in SYMBOLS) return WORDS[stage] ?? stage;
  return message || WORDS[stage] || stage;
}

/** The symbol of a step that is done. @param {Stage} stage */
export function stageSymbol({ stage }) {
  return stage === 'cached' ? 'bolt' : SYMBOLS[stage] ?? 'check';
}

/**
 * What the reader is told of a failed provider, or null: that it is asked again, while that is so;
 * who writes instead; why the text was withdrawn.
 *
 * @param {AnswerState} state
 * @returns {Detour | null}
 */
export function detourOf({ stages, status, resetReason, provider }) {
  const last = stages.at(-1);
  if (last?.stage === 'retrying' && status === 'running') {
    const seconds = Math.max(1, Math.round((last.detail?.wait_ms ?? 0) / 1000));
    return { symbol: 'refresh', strong: firstSentence(last.message), text: `It is asked again in ${seconds} s.` };
  }
  const fallback = stages.findLast(({ stage }) => stage === 'fallback');
  const ended = status === 'complete';
  if (fallback) {
    const writer = provider || 'Another provider';
    const withdrawn = `What was written is withdrawn; ${writer} starts again.`;
    const running = resetReason ? withdrawn : `${writer} writes instead.`;
    return { symbol: 'swap', strong: firstSentence(fallback.message), text: ended ? `${writer} wrote this answer.` : running };
  }
  return resetReason && !ended ? { symbol: 'refresh', strong: resetReason, text: '' } : null;
}

/** @param {string} text */
function firstSentence(text) {
  return FIRST_SENTENCE.exec(text)?.[0] ?? text;
}

/**
 * How long was thought before the answer began, in words; null where that is not known.
 *
 * @param {readonly Stage[]} stages
 */
export function thoughtWords(stages) {
  const at = stages.findLastIndex(({ stage }) => stage === 'thinking');
  const [begun, next] = [stages[at]?.elapsed_ms, stages[at + 1]?.elapsed_ms];
  return at < 0 || begun == null || next == null ? null : `Thought for ${duration(next - begun)}`;
}
