/** The pure parts of the graph: its layout, its view, its names, and where the arrow keys lead. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inDirection, nearest } from '../../../static/js/lib/graph/directions.js';
import { placeLabels } from '../../../static/js/lib/graph/labels.js';
import { layOut } from '../../../static/js/lib/graph/layout.js';
import { bringIn, fit, toGraph, toScreen, zoomAt } from '../../../static/js/lib/graph/viewport.js';

/** A graph like those of real libraries: groups, links within them, and some between. */
function graphOf(count) {
  const concepts = Array.from({ length: count }, (_, n) => (
    { key: `concept ${n}`, name: `Concept ${n}`, passages: Math.ceil(60 / (n + 1)) }));
  const links = [];
  for (let n = 1; n < count; n += 1) {
    links.push({ of: [n % 9 < n ? n % 9 : 0, n], strength: 0.4 });
    if (n % 3 === 0) links.push({ of: [Math.floor(n / 2), n], strength: 0.2 });
  }
  return { concepts, links };
}

const distances = (places, others, shift = (n) => n) => (
  Array.from({ length: places.length / 2 }, (_, n) => Math.hypot(
    places[2 * n] - others[2 * shift(n)], places[2 * n + 1] - others[2 * shift(n) + 1])));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const width = (places) => {
  const across = places.filter((_, n) => n % 2 === 0);
  return Math.max(...across) - Math.min(...across);
};

test('the same graph has the same picture', () => {
  const { concepts, links } = graphOf(60);
  assert.deepEqual(layOut(concepts, links), layOut(structuredClone(concepts), structuredClone(links)));
});

test('one more concept moves the others little', () => {
  const { concepts, links } = graphOf(150);
  const before = layOut(concepts, links);
  const at = 100;
  const shift = (n) => (n >= at ? n + 1 : n);
  const more = concepts.toSpliced(at, 0, { key: 'newcomer', name: 'Newcomer', passages: 1 });
  const moved = links.map((link) => ({ ...link, of: link.of.map(shift) }));
  const after = layOut(more, [...moved, { of: [3, at], strength: 0.3 }]);
  assert.ok(median(distances(before, after, shift)) < width(before) / 12);
});

for (const count of [40, 150, 500]) {
  test(`no two circles of ${count} concepts lie on each other`, () => {
    const { concepts, links } = graphOf(count);
    const places = layOut(concepts, links);
    assert.ok(places.every(Number.isFinite));
    let closest = Infinity;
    for (let a = 0; a < count; a += 1) {
      for (let b = a + 1; b < count; b += 1) {
        closest = Math.min(closest, Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1]));
      }
    }
    assert.ok(closest > 14, `${closest}`);
  });
}

test('a graph of nothing, and one of a single concept, are laid out too', () => {
  assert.equal(layOut([], []).length, 0);
  assert.equal(layOut(graphOf(1).concepts, []).length, 2);
});

test('everything is seen when it is fitted', () => {
  const size = { width: 800, height: 500 };
  const places = [-400, -90, 900, 300, 20, 1200];
  const view = fit(places, size);
  for (let n = 0; n < places.length; n += 2) {
    const { x, y } = toScreen(view, { x: places[n], y: places[n + 1] });
    assert.ok(x >= 39 && x <= 761 && y >= 39 && y <= 461, `${x} ${y}`);
  }
});

test('what is under the pointer stays there while one zooms', () => {
  const view = { x: 30, y: -20, k: 0.7 };
  const point = { x: 333, y: 222 };
  const before = toGraph(view, point);
  const after = toGraph(zoomAt(view, 1.8, point), point);
  assert.ok(Math.hypot(before.x - after.x, before.y - after.y) < 1e-9);
});

test('zooming has an end on both sides', () => {
  let view = { x: 0, y: 0, k: 1 };
  for (let n = 0; n < 50; n += 1) view = zoomAt(view, 2, { x: 0, y: 0 });
  assert.equal(view.k, 4);
  for (let n = 0; n < 50; n += 1) view = zoomAt(view, 0.5, { x: 0, y: 0 });
  assert.ok(view.k > 0.05);
});

test('what is brought in is seen, and what is seen already does not move', () => {
  const [view, size] = [{ x: 0, y: 0, k: 1 }, { width: 400, height: 300 }];
  assert.deepEqual(bringIn(view, { x: 200, y: 150 }, size), view);
  const { x, y } = toScreen(bringIn(view, { x: 900, y: -500 }, size), { x: 900, y: -500 });
  assert.deepEqual([x, y], [340, 60]);
});

test('names never cover each other, and those that matter most have theirs', () => {
  const circles = Array.from({ length: 400 }, (_, n) => (
    { x: 70 + (n * 97) % 560, y: 30 + (n * 61) % 440, radius: 6, width: 40 + (n % 5) * 20, first: n < 10 }));
  const labels = placeLabels(circles, { width: 700, height: 500 });
  const boxes = labels.map(({ index, x, y }) => ({ x, y, width: circles[index].width }));
  boxes.forEach((one, n) => boxes.slice(n + 1).forEach((other) => {
    const apart = Math.abs(one.x - other.x) >= (one.width + other.width) / 2 || Math.abs(one.y - other.y) >= 15;
    assert.ok(apart, JSON.stringify([one, other]));
  }));
  assert.equal(labels[0].index, 0);
  assert.ok(labels.length > 20 && labels.length < 400);
});

test('what is outside of the screen has no name', () => {
  const circles = [{ x: -50, y: 10, radius: 6, width: 30 }, { x: 50, y: 40, radius: 6, width: 30 }];
  assert.deepEqual(placeLabels(circles, { width: 100, height: 80 }).map(({ index }) => index), [1]);
});

test('an arrow key leads to the nearest in its direction, or nowhere', () => {
  //  0 in the middle, 1 right, 2 far right, 3 above, 4 left below
  const places = [0, 0, 50, 5, 120, 0, 4, -60, -40, 30];
  assert.equal(inDirection('ArrowRight', 0, places), 1);
  assert.equal(inDirection('ArrowRight', 1, places), 2);
  assert.equal(inDirection('ArrowUp', 0, places), 3);
  assert.equal(inDirection('ArrowLeft', 0, places), 4);
  assert.equal(inDirection('ArrowRight', 2, places), 2);
});

test('every concept can be reached with the arrow keys', () => {
  const { concepts, links } = graphOf(150);
  const places = layOut(concepts, links);
  const reached = new Set([0]);
  for (const from of reached) {
    for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) reached.add(inDirection(key, from, places));
  }
  assert.equal(reached.size, 150);
});

test('the pointer finds the nearest within its reach', () => {
  const places = [0, 0, 30, 0];
  assert.equal(nearest({ x: 20, y: 0 }, places, 15), 1);
  assert.equal(nearest({ x: 100, y: 100 }, places, 15), -1);
});
