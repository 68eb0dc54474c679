// @ts-check
import assert from 'node:assert/strict';
import test from 'node:test';

import { createSmoothing } from '../../../static/js/lib/smoothing.js';
import { endOfWord } from '../../../static/js/lib/text-ends.js';

const FRAME = 1000 / 60;

/**
 * What each animation frame shows of pieces that arrive.
 *
 * @param {{at: number, size: number}[]} pieces @param {number} [frame] milliseconds
 */
function play(pieces, frame = FRAME) {
  const smoothing = createSmoothing();
  const waiting = [...pieces];
  const end = (pieces.at(-1)?.at ?? 0) + 400;
  const frames = [];
  let whole = 0;
  for (let now = 0; now < end; now += frame) {
    for (let next = waiting[0]; next && next.at <= now; next = waiting[0]) {
      whole += next.size;
      smoothing.arrived(whole, next.at);
      waiting.shift();
    }
    frames.push({ now, shown: smoothing.shown(now), whole });
  }
  return frames;
}

/** @param {number} count @param {number} gap @param {number} size @param {number} [shake] */
function steady(count, gap, size, shake = 0) {
  return Array.from({ length: count }, (_, i) => ({ at: 100 + i * gap + ((i * 7) % 5) * shake, size }));
}

test('the first text is shown in the frame in which it is there', () => {
  const smoothing = createSmoothing();
  smoothing.arrived(40, 1000);
  assert.equal(smoothing.shown(1000), 40);
});

test('a piece that comes when nothing is left begins to show at once', () => {
  const smoothing = createSmoothing();
  smoothing.arrived(40, 0);
  smoothing.arrived(60, 5000);
  assert.ok(smoothing.shown(5000) > 40);
  assert.ok(smoothing.shown(5000) < 60);
});

for (const gap of [20, 50, 100]) {
  test(`pieces that come every ${gap} ms are shown evenly in between`, () => {
    const size = gap / 5 * 4;
    const shown = play(steady(60, gap, size, gap / 25)).filter(({ now }) => now > 1500 && now < 55 * gap);
    const steps = shown.slice(1).map((frame, i) => frame.shown - /** @type {any} */ (shown[i]).shown);
    const usual = size / gap * FRAME;
    assert.ok(Math.max(0, ...steps) <= 2.5 * usual + 1, `${steps}`);
  });
}

test('there is always something new while anything is left', () => {
  for (const gap of [20, 50, 100]) {
    const frames = play(steady(40, gap, 60, gap / 20));
    frames.slice(1).forEach((frame, i) => {
      const before = /** @type {any} */ (frames[i]);
      if (before.shown < before.whole) assert.ok(frame.shown > before.shown, `${gap} ms: ${frame.now}`);
    });
  }
});

test('nothing is shown later than 150 ms after it arrived, and a frame, however it comes', () => {
  const seed = { value: 7 };
  const random = () => (seed.value = (seed.value * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 50; round += 1) {
    let at = 0;
    const pieces = Array.from({ length: 100 }, () => ({ at: (at += random() ** 3 * 400), size: 1 + Math.floor(random() ** 4 * 900) }));
    const frames = play(pieces);
    let whole = 0;
    for (const piece of pieces) {
      whole += piece.size;
      const seen = frames.find(({ shown }) => shown >= whole);
      assert.ok(seen && seen.now - piece.at <= 150 + 2 * FRAME, `${round}: ${piece.at} → ${seen?.now}`);
    }
  }
});

test('what is shown only grows, and never beyond what has arrived', () => {
  const frames = play(steady(50, 37, 11, 3), 9);
  frames.slice(1).forEach((frame, i) => assert.ok(frame.shown >= /** @type {any} */ (frames[i]).shown));
  assert.ok(frames.every(({ shown, whole }) => shown <= whole));
  assert.equal(frames.at(-1)?.shown, 550);
});

test('a text that is shown whole, or withdrawn, is so in that frame', () => {
  const smoothing = createSmoothing();
  smoothing.arrived(10, 0);
  smoothing.arrived(500, 50);
  smoothing.showAll(500, 51);
  assert.equal(smoothing.shown(51), 500);
  smoothing.showAll(0, 60);
  assert.equal(smoothing.shown(400), 0);
  smoothing.arrived(30, 500);
  assert.equal(smoothing.shown(500), 30);
});

test('a clock that goes back shows nothing less', () => {
  const smoothing = createSmoothing();
  smoothing.arrived(10, 1000);
  smoothing.arrived(50, 1050);
  const before = smoothing.shown(1080);
  assert.ok(smoothing.shown(1040) >= before);
});

test('a text ends after a word', () => {
  const text = 'Roll back, naïve 日本語 three';
  assert.deepEqual([0, 1, 4, 5, 6, 12].map((to) => text.slice(0, endOfWord(text, 0, to))), ['', 'Roll', 'Roll', 'Roll ', 'Roll back', 'Roll back, naïve']);
  assert.equal(endOfWord(text, 0, 99), text.length);
  assert.equal(endOfWord(text, 5, 3), 5);
});

test('no character is ever cut', () => {
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const text of ['👩‍🚀👨‍👩‍👧‍👦 🇩🇪🇫🇷 e\u0301e\u0301 नमस्ते 👍🏽!', '😀'.repeat(60)]) {
    const ends = new Set([0, text.length, ...[...graphemes.segment(text)].map(({ index }) => index)]);
    for (let to = 0; to <= text.length; to += 1) assert.ok(ends.has(endOfWord(text, 0, to)), `${text}: ${to}`);
  }
});

test('a word that is longer than anybody reads does not wait for its end', () => {
  const text = 'x'.repeat(500);
  assert.equal(endOfWord(text, 0, 10), 10);
  assert.equal(endOfWord(`${'a'.repeat(300)} b`, 100, 150), 150);
});
