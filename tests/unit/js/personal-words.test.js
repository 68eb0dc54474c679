// @ts-check
import assert from 'node:assert/strict';
import test from 'node:test';

import { initialAnswer } from '../../../static/js/lib/answer-state.js';
import { warnedOf } from '../../../static/js/lib/personal-words.js';

/** @param {any[]} findings */
const warned = (findings) => warnedOf({ ...initialAnswer, provider: 'far', context: { findings } });
/** @param {string} kind @param {number} count @param {string} [action] */
const found = (kind, count, action = 'warn') => ({ guard: 'personal', kind, count, action });

test('what went to a provider is told by its kinds', () => {
  assert.deepEqual(warned([found('email', 2), found('ip', 1), found('card', 1)]), {
    strong: 'Personal data went to far.', text: '2 e-mail addresses, 1 IP address and 1 card number.',
  });
  assert.equal(warned([found('secret', 1)])?.text, '1 key or password.');
});

test('nothing is told of what was replaced, of other guards, and of nothing', () => {
  assert.equal(warned([found('email', 1, 'redact'), { ...found('email', 1), guard: 'injection' }]), null);
  assert.equal(warned([]), null);
  assert.equal(warnedOf({ ...initialAnswer }), null);
});
