// @ts-check
import assert from 'node:assert/strict';
import test from 'node:test';

import { initialAnswer } from '../../../static/js/lib/answer-state.js';
import { detourOf, stageSymbol, stageWords, thoughtWords } from '../../../static/js/lib/stage-words.js';

/** @param {string} stage @param {string} [message] @param {any} [detail] @param {number} [elapsed_ms] */
function step(stage, message = '', detail = undefined, elapsed_ms = 0) {
  return { stage, message, elapsed_ms, detail };
}

const RETRY = step('retrying', 'openai has a problem (503). Try again. Trying again in 0.6 s', { provider: 'openai', wait_ms: 1800 });
const FALLBACK = step('fallback', 'openai did not begin to answer within 0.5 s. Try later. library writes instead', { provider: 'library' });

/** @param {any} more */
const detour = (more) => detourOf({ ...initialAnswer, status: 'running', provider: 'library', ...more });

test('a step says in few words what is done, with a symbol that fits', () => {
  const steps = [step('thinking'), step('analyzing', 'Reading 3 passages'), RETRY, FALLBACK, step('retrying'), step('novel')];
  assert.deepEqual(steps.map((one) => stageWords(one)), ['Thinking', 'Reading 3 passages', 'Asking openai again', 'Asking library', 'Trying again', 'novel']);
  assert.deepEqual(steps.map(stageSymbol), ['check', 'check', 'refresh', 'swap', 'refresh', 'check']);
});

test('who waits is told their place, and afterwards that they waited', () => {
  const queued = step('queued', '3rd in the queue', { place: 3 });
  assert.equal(stageWords(queued), '3rd in the queue');
  assert.equal(stageWords(step('queued')), 'Waiting in the queue');
  assert.deepEqual([stageWords(queued, true), stageSymbol(queued)], ['Waited in the queue', 'clock']);
});

test('nothing is told of an answer that goes straight', () => {
  assert.equal(detour({ stages: [step('thinking'), step('answering')] }), null);
});

test('while a provider is asked again the reader knows why and for how long', () => {
  const { symbol, strong, text } = /** @type {any} */ (detour({ stages: [RETRY] }));
  assert.deepEqual([symbol, strong, text], ['refresh', 'openai has a problem (503).', 'It is asked again in 2 s.']);
  assert.equal(detour({ stages: [RETRY, step('answering')] }), null);
  assert.equal(detour({ stages: [RETRY], status: 'failed' }), null);
});

test('who writes instead is told while it is written and afterwards', () => {
  const stages = [RETRY, FALLBACK, step('answering')];
  const words = (/** @type {any} */ more) => detour({ stages, ...more })?.text;
  assert.equal(detour({ stages })?.strong, 'openai did not begin to answer within 0.5 s.');
  assert.equal(words({}), 'library writes instead.');
  assert.equal(words({ resetReason: 'it broke' }), 'What was written is withdrawn; library starts again.');
  assert.equal(words({ resetReason: 'it broke', status: 'complete' }), 'library wrote this answer.');
});

test('a text that was withdrawn for another reason says so until the end', () => {
  assert.equal(detour({ resetReason: 'The library has changed.' })?.strong, 'The library has changed.');
  assert.equal(detour({ resetReason: 'The library has changed.', status: 'complete' }), null);
});

test('the time of thinking ends where the next stage begins', () => {
  const stages = [step('thinking', '', null, 1000), step('answering', '', null, 5200)];
  assert.equal(thoughtWords(stages), 'Thought for 4.2 s');
  assert.equal(thoughtWords(stages.slice(0, 1)), null);
  assert.equal(thoughtWords([]), null);
});
