// @ts-check
import assert from 'node:assert/strict';
import test from 'node:test';

import { initialAnswer, reduceAnswer } from '../../../static/js/lib/answer-state.js';

/** @param {[string, string, any][]} events */
function after(...events) {
  return events.reduce((state, [id, event, data]) => reduceAnswer(state, { id, event, data }), initialAnswer);
}

test('chunks append and the newest confidence counts', () => {
  const state = after(
    ['1-1', 'start', { message_id: 'm1', attempt: 1, provider: 'local', model: 'built-in' }],
    ['1-2', 'chunk', { content: 'Hel', confidence: 0.4 }],
    ['1-3', 'chunk', { content: 'lo', confidence: null }],
  );
  assert.deepEqual([state.text, state.confidence, state.messageId, state.status, state.lastId], ['Hello', null, 'm1', 'running', '1-3']);
  assert.equal(state.rewrites, 0);
});

test('a snapshot replaces what was there', () => {
  const state = after(
    ['1-1', 'chunk', { content: 'old' }],
    ['2-9', 'snapshot', { content: 'new text', thinking: 'hm', confidence: 0.7, stage: 'answering', attempt: 2 }],
  );
  assert.deepEqual([state.text, state.thinking, state.confidence, state.stage, state.attempt, state.rewrites], ['new text', 'hm', 0.7, 'answering', 2, 1]);
});

test('a snapshot that only goes on is no rewrite', () => {
  const state = after(['1-1', 'chunk', { content: 'Hel' }], ['1-9', 'snapshot', { content: 'Hello', attempt: 1 }]);
  assert.deepEqual([state.text, state.rewrites], ['Hello', 0]);
});

test('a reset withdraws the text and keeps the reason', () => {
  const state = after(['1-1', 'chunk', { content: 'old' }], ['1-2', 'reset', { reason: 'the provider failed' }], ['1-3', 'chunk', { content: 'new' }]);
  assert.deepEqual([state.text, state.resetReason, state.rewrites], ['new', 'the provider failed', 1]);
});

test('the content of complete is the text, whatever came before', () => {
  const metadata = { confidence: 0.8, stop_reason: 'stopped' };
  const state = after(['1-1', 'chunk', { content: 'lost a bit' }], ['1-2', 'complete', { id: 'm1', content: 'whole', metadata }]);
  assert.deepEqual([state.text, state.status, state.confidence, state.stopReason, state.metadata], ['whole', 'complete', 0.8, 'stopped', metadata]);
});

test('an error ends the answer and keeps what was written', () => {
  const state = after(['1-1', 'chunk', { content: 'so far' }], ['1-2', 'error', { code: 'timeout', message: 'Too slow', retryable: true }]);
  assert.deepEqual([state.text, state.status, state.error.code], ['so far', 'failed', 'timeout']);
});

test('stages are listed in order and a repeated one is brought up to date', () => {
  const state = after(
    ['1-1', 'progress', { stage: 'thinking', message: 'Thinking', elapsed_ms: 1 }],
    ['1-2', 'progress', { stage: 'retrying', message: 'Retrying, 1', elapsed_ms: 2 }],
    ['1-3', 'progress', { stage: 'retrying', message: 'Retrying, 2', elapsed_ms: 3 }],
    ['1-4', 'snapshot', { content: '', stage: 'retrying', attempt: 1 }],
  );
  assert.deepEqual(state.stages.map(({ message }) => message), ['Thinking', 'Retrying, 2']);
  assert.equal(state.stage, 'retrying');
});

test('a place in the queue replaces the one before, and the wait began with the first', () => {
  const state = after(
    ['1-1', 'progress', { stage: 'queued', message: '3rd in the queue', elapsed_ms: 2, detail: { place: 3 } }],
    ['1-2', 'progress', { stage: 'queued', message: '1st in the queue', elapsed_ms: 900, detail: { place: 1 } }],
  );
  assert.deepEqual(state.stages, [{ stage: 'queued', message: '1st in the queue', elapsed_ms: 2, detail: { place: 1 } }]);
});

test('an event that was applied, or that nobody knows, changes nothing', () => {
  const state = after(['1-2', 'chunk', { content: 'a' }]);
  for (const event of [
    { id: '1-2', event: 'chunk', data: { content: 'a' } },
    { id: '1-1', event: 'reset', data: {} },
    { id: '1-9', event: 'novelty', data: {} },
    { id: '1-9', event: 'toString', data: {} },
    { id: '1-9', event: '__proto__', data: {} },
  ]) assert.equal(reduceAnswer(state, event), state);
});

test('the first state and earlier states are never changed', () => {
  const before = structuredClone(initialAnswer);
  after(['1-1', 'progress', { stage: 'thinking' }], ['1-2', 'chunk', { content: 'a' }]);
  assert.deepEqual(initialAnswer, before);
});

test('who writes is known again after a new attempt, and after another took over within one', () => {
  const events = /** @type {[string, string, any][]} */ ([
    ['1-1', 'start', { message_id: 'm1', attempt: 1, provider: 'openai', model: 'large' }],
    ['1-2', 'progress', { stage: 'fallback', detail: { provider: 'team', model: 'small' } }],
    ['2-1', 'start', { message_id: 'm1', attempt: 2, provider: 'library', model: 'built-in' }],
  ]);
  const makers = events.map((_, i) => after(...events.slice(0, i + 1))).map(({ provider, model }) => `${provider} ${model}`);
  assert.deepEqual(makers, ['openai large', 'team small', 'library built-in']);
});

test('a snapshot counts as text that was not written just now', () => {
  const state = after(['1-1', 'chunk', { content: 'a' }], ['1-9', 'snapshot', { content: 'ab', attempt: 1 }], ['1-10', 'chunk', { content: 'c' }]);
  assert.deepEqual([state.leaps, state.rewrites], [1, 0]);
});
