// @ts-check
import assert from 'node:assert/strict';
import test from 'node:test';

import { createParser } from '../../../static/js/lib/sse-parser.js';
import { STREAMS } from './fixtures/streams.js';

/** @param {string[]} pieces */
function parse(pieces) {
  /** @type {{events: string[][], comments: string[], retries: number[]}} */
  const heard = { events: [], comments: [], retries: [] };
  const parser = createParser({
    onEvent: ({ event, data, id }) => heard.events.push([event, data, id]),
    onComment: (comment) => heard.comments.push(comment),
    onRetry: (milliseconds) => heard.retries.push(milliseconds),
  });
  for (const piece of pieces) parser.feed(piece);
  return heard;
}

for (const [sentence, stream, events, { comments = [], retries = [] } = {}] of STREAMS) {
  const expected = { events, comments, retries };

  test(`${sentence}: whole`, () => {
    assert.deepEqual(parse([stream]), expected);
  });

  test(`${sentence}: one character at a time, with empty feeds between`, () => {
    assert.deepEqual(parse(stream.split('').flatMap((unit) => ['', unit])), expected);
  });

  test(`${sentence}: at every cut`, () => {
    for (let cut = 0; cut <= stream.length; cut += 1) {
      assert.deepEqual(parse([stream.slice(0, cut), stream.slice(cut)]), expected, `cut at ${cut}`);
    }
  });
}

test('a reset begins a new stream', () => {
  /** @type {string[][]} */
  const events = [];
  const parser = createParser({ onEvent: ({ id, event, data }) => events.push([event, data, id]) });
  parser.feed('id: 9\nevent: x\ndata: half\nda');
  parser.reset();
  parser.feed('\uFEFFdata: whole\n\n');
  assert.deepEqual(events, [['message', 'whole', '']]);
});

test('a carriage return before a reset does not swallow a line feed after it', () => {
  /** @type {string[]} */
  const events = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(data) });
  parser.feed('data: a\r');
  parser.reset();
  parser.feed('\ndata: b\n\n');
  assert.deepEqual(events, ['b']);
});

test('every callback may be left out', () => {
  createParser().feed(': a\nretry: 1\ndata: b\n\n');
  createParser({}).feed(': a\nretry: 1\ndata: b\n\n');
});

test('a callback that throws leaves nothing half read', () => {
  /** @type {string[]} */
  const events = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      events.push(data);
      if (data === 'bad') throw new Error('the page is broken');
    },
  });
  assert.throws(() => parser.feed('data: bad\n\n'));
  parser.feed('data: good\n\n');
  assert.deepEqual(events, ['bad', 'good']);
});

test('a line of two million characters, fed one by one, arrives whole', () => {
  let length = 0;
  const parser = createParser({ onEvent: ({ data }) => { length = data.length; } });
  parser.feed('data:');
  for (let index = 0; index < 2_000_000; index += 1) parser.feed('x');
  parser.feed('\n\n');
  assert.equal(length, 2_000_000);
});
