// @ts-check
import assert from 'node:assert/strict';
import test from 'node:test';

import { levelOf } from '../../../static/js/lib/confidence-level.js';
import { createDrafts } from '../../../static/js/lib/drafts.js';
import { clock, countdown, duration, fileSize, number, percent, relativeTime } from '../../../static/js/lib/format.js';
import { uuid } from '../../../static/js/lib/ids.js';
import { hueOf, initialOf, namesOf } from '../../../static/js/lib/names.js';
import { placeOf } from '../../../static/js/lib/places.js';
import { createFollower } from '../../../static/js/lib/scroll.js';
import { createSentences } from '../../../static/js/lib/sentences.js';

test('ids are random UUIDs of version 4, with and without a secure context', () => {
  const insecure = /** @type {any} */ ({ getRandomValues: (/** @type {any} */ bytes) => crypto.getRandomValues(bytes) });
  for (const id of [uuid(), uuid(insecure)]) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assert.notEqual(uuid(insecure), uuid(insecure));
});

test('durations change their unit with their size', () => {
  const cases = /** @type {[number, string][]} */ ([
    [0, '0 ms'], [4.4, '4 ms'], [999, '999 ms'], [1000, '1.0 s'], [3210, '3.2 s'], [9960, '10 s'],
    [59_940, '60 s'], [59_960, '1 min'], [65_000, '1 min 5 s'], [3_600_000, '1 h'], [7_380_000, '2 h 3 min'],
  ]);
  for (const [milliseconds, words] of cases) assert.equal(duration(milliseconds), words);
});

test('a confidence has its word by the levels of the site', () => {
  assert.deepEqual([80, 79, 50, 49].map((percent) => levelOf(percent)), ['high', 'medium', 'medium', 'low']);
  assert.deepEqual([95, 90, 60, 59].map((percent) => levelOf(percent, '95 60')), ['high', 'medium', 'medium', 'low']);
});

test('people who are here are named, not more than fit', () => {
  const cases = /** @type {[string[], string][]} */ ([
    [[], ''], [['Bob'], 'Bob is here'], [['Bob', 'Eve'], 'Bob and Eve are here'],
    [['Bob', 'Eve', 'Mo'], 'Bob and 2 others are here'],
  ]);
  for (const [names, words] of cases) assert.equal(namesOf(names), words);
});

test('a face has a letter and a colour', () => {
  assert.equal(initialOf(' ada'), 'A');
  assert.equal(initialOf('𝒜da'), '𝒜');
  assert.equal(initialOf(' '), '?');
  for (const [id, hue] of /** @type {const} */ ([['', 1], ['a', 2], ['ab', 4], ['é', 5]])) assert.equal(hueOf(id), hue);
});

test('a place names a space, and whether everybody there sees it', () => {
  assert.deepEqual(placeOf(''), { space_id: null, visibility: 'private' });
  assert.deepEqual(placeOf('abc'), { space_id: 'abc', visibility: 'private' });
  assert.deepEqual(placeOf('abc+'), { space_id: 'abc', visibility: 'space' });
});

test('a countdown never shows less than is left', () => {
  assert.deepEqual([24, 23.2, 65, 0, -1, 3600, 18_200].map(countdown), ['0:24', '0:24', '1:05', '0:00', '0:00', '1:00:00', '5:03:20']);
});

test('times are told by how near they are', () => {
  const now = Date.parse('2030-06-10T12:00:00Z');
  const told = (/** @type {string} */ time) => relativeTime(time, { now });
  assert.equal(told('2030-06-10T11:59:30Z'), 'just now');
  assert.equal(told('2030-06-10T11:55:00Z'), '5 minutes ago');
  assert.equal(told('2030-06-10T09:00:00Z'), '3 hours ago');
  assert.equal(told('2030-06-09T11:00:00Z'), 'yesterday');
  assert.match(told('2029-06-10T12:00:00Z'), /2029/);
  assert.match(clock(new Date(2030, 0, 1, 8, 5)), /^08:05$/);
});

test('numbers, shares and sizes', () => {
  assert.deepEqual([number(1234567.89), percent(0.618), fileSize(999), fileSize(3_400_000), fileSize(999_600)], ['1,234,567.9', '62 %', '999 bytes', '3.4 MB', '1 MB']);
});

/** @param {number} [room] */
function store(room = Infinity) {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    kept,
    get length() { return kept.size; },
    key: (/** @type {number} */ index) => [...kept.keys()][index] ?? null,
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    removeItem: (/** @type {string} */ key) => { kept.delete(key); },
    setItem(/** @type {string} */ key, /** @type {string} */ value) {
      const size = [...kept].reduce((sum, [name, text]) => sum + (name === key ? 0 : text.length), value.length);
      if (size > room) throw new DOMException('full', 'QuotaExceededError');
      kept.set(key, value);
    },
  };
}

test('a draft outlives the page', () => {
  const shelf = store();
  createDrafts(shelf).write('c1', 'half a thought');
  assert.equal(createDrafts(shelf).read('c1'), 'half a thought');
  createDrafts(shelf).write('c1', '  ');
  assert.equal(createDrafts(shelf).read('c1'), '');
  assert.equal(shelf.kept.size, 0);
});

test('a full store gives up the oldest drafts for the newest', () => {
  const shelf = store(400);
  let time = 0;
  const drafts = createDrafts(shelf, () => time++);
  for (let index = 0; index < 20; index += 1) drafts.write(`c${index}`, 'x'.repeat(60));
  assert.equal(createDrafts(shelf).read('c19'), 'x'.repeat(60));
  assert.equal(createDrafts(shelf).read('c0'), '');
});

test('a draft that fits nowhere lives as long as the page, and no older one comes back', () => {
  const shelf = store(120);
  const drafts = createDrafts(shelf);
  drafts.write('c1', 'short');
  drafts.write('c1', 'x'.repeat(5000));
  assert.equal(drafts.read('c1').length, 5000);
  assert.equal(createDrafts(shelf).read('c1'), '');
});

test('a forbidden or broken store is no error', () => {
  const drafts = createDrafts(null);
  drafts.write('c1', 'text');
  assert.equal(drafts.read('c1'), 'text');
  const shelf = store();
  shelf.kept.set('parley:draft:c2', '{broken');
  assert.equal(createDrafts(shelf).read('c2'), '');
});

test('sentences come out whole, however the text is cut', () => {
  const text = '## Order\nPause the queue first [1]. Then **relax** the constraint, e.g. by 2.5 percent! Dr. Who agrees? Done';
  const expected = ['Order', 'Pause the queue first.', 'Then relax the constraint, e.g. by 2.5 percent!', 'Dr. Who agrees?', 'Done'];
  for (const size of [1, 3, 7, text.length]) {
    const sentences = createSentences();
    const heard = [];
    for (let at = 0; at < text.length; at += size) heard.push(...sentences.push(text.slice(at, at + size)));
    heard.push(...sentences.finish());
    assert.deepEqual(heard, expected, `by ${size}`);
  }
});

test('code is named and not read, and items are sentences', () => {
  const sentences = createSentences();
  const heard = [...sentences.push('Run this:\n\n```sh\nrm -rf. Really. No.\n```\n\n- one\n- two\n\n'), ...sentences.finish()];
  assert.deepEqual(heard, ['Run this:', 'Code block.', 'one', 'two']);
});

/** @param {{reversed?: boolean}} [options] */
function scroller({ reversed = false } = {}) {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  let top = 0;
  const box = {
    scrollHeight: 1000, clientHeight: 400, moves: 0,
    get scrollTop() { return top; },
    set scrollTop(value) {
      const end = this.scrollHeight - this.clientHeight;
      top = reversed ? Math.min(0, Math.max(-end, value)) : Math.max(0, Math.min(end, value));
      this.moves += 1;
      box.fire();
    },
    addEventListener: (/** @type {string} */ _, /** @type {() => void} */ listener) => { listeners.add(listener); },
    removeEventListener: (/** @type {string} */ _, /** @type {() => void} */ listener) => { listeners.delete(listener); },
    fire: () => listeners.forEach((listener) => listener()),
    /** @param {number} height */
    grow(height) { this.scrollHeight += height; },
  };
  return box;
}

test('the end is followed while the reader is there', () => {
  const box = scroller();
  const follower = createFollower(box);
  follower.toEnd();
  for (let turn = 0; turn < 5; turn += 1) {
    box.grow(300);
    box.fire();
    follower.grew();
    assert.equal(box.scrollTop, box.scrollHeight - 400);
  }
});

test('a reader who has scrolled up is never moved (scrolling does not jump)', () => {
  const box = scroller();
  /** @type {boolean[]} */
  const told = [];
  const follower = createFollower(box, { onChange: (following) => told.push(following) });
  follower.toEnd();
  box.scrollTop = 300;
  const { moves } = box;
  for (let turn = 0; turn < 5; turn += 1) {
    box.grow(300);
    follower.grew();
  }
  assert.deepEqual([box.scrollTop, box.moves, told], [300, moves, [false]]);
  box.scrollTop = box.scrollHeight;
  assert.equal(follower.isFollowing(), true);
});

test('a reversed scroller counts from the end', () => {
  const box = scroller({ reversed: true });
  const follower = createFollower(box, { reversed: true });
  box.scrollTop = -300;
  assert.equal(follower.isFollowing(), false);
  follower.toEnd();
  assert.deepEqual([box.scrollTop, follower.isFollowing()], [0, true]);
});
