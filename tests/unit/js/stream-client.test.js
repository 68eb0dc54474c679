// @ts-check
import assert from 'node:assert/strict';
import test from 'node:test';

import { createStreamClient } from '../../../static/js/lib/stream-client.js';
import {
  fakeClock, fakeNetwork, fakeWake, frame, openStream, problem, settle, silence, streamOf,
} from './fixtures/network.js';

const SEND = '/api/conversations/c1/messages/stream';
const START = frame('1-1', 'start', { message_id: 'm1', attempt: 1 });
const HELLO = frame('1-2', 'chunk', { content: 'Hello', confidence: null });
const WORLD = frame('1-3', 'chunk', { content: ' world', confidence: null });
const COMPLETE = frame('1-4', 'complete', { id: 'm1', content: 'Hello world', metadata: {} });

/** @param {any[]} answers */
function stage(...answers) {
  const network = fakeNetwork();
  network.answer(...answers);
  const clock = fakeClock();
  const wake = fakeWake();
  /** @type {any[]} */
  const events = [];
  /** @type {any[]} */
  const states = [];
  const client = createStreamClient({
    fetch: network.fetch, clock, wake, random: () => 0.5, headers: () => ({ 'X-CSRF-Token': 't' }),
    onEvent: (event) => events.push(event), onState: (state) => states.push(state),
  });
  return {
    network, clock, wake, events, states, client,
    names: () => events.map(({ event }) => event),
    ids: () => events.map(({ id }) => id),
    last: () => states.at(-1),
  };
}

test('a send posts its client id and hands over events until the end', async () => {
  const scene = stage(streamOf(`retry: 2000\n\n${START}${HELLO}${WORLD}${COMPLETE}`));
  const clientId = scene.client.send(SEND, { content: 'Hi' });
  await settle();
  const [request] = scene.network.requests;
  assert.equal(request?.method, 'POST');
  assert.deepEqual(request?.body, { content: 'Hi', client_id: clientId });
  assert.equal(request?.headers['X-CSRF-Token'], 't');
  assert.deepEqual(scene.names(), ['start', 'chunk', 'chunk', 'complete']);
  assert.deepEqual(scene.states.map(({ state }) => state), ['connecting', 'streaming', 'done']);
  assert.equal(scene.clock.pending(), 0);
  assert.equal(scene.wake.listeners(), 0);
});

test('a send without an answer is sent again with the same client id', async () => {
  const scene = stage(() => { throw new TypeError('network'); }, streamOf(START + COMPLETE));
  scene.client.send(SEND, { content: 'Hi', client_id: 'chosen' });
  await settle();
  await scene.clock.advance(0);
  assert.deepEqual(scene.network.requests.map(({ body }) => body.client_id), ['chosen', 'chosen']);
  assert.equal(scene.last().state, 'done');
});

test('a stream that ends before its start is sent again', async () => {
  const question = frame('1-1', 'user_message', { id: 'u1' });
  const scene = stage(streamOf(question), streamOf(question + frame('1-2', 'complete', { id: 'm1', content: '' })));
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await scene.clock.advance(0);
  assert.deepEqual(scene.network.requests.map(({ method }) => method), ['POST', 'POST']);
  assert.deepEqual(scene.names(), ['user_message', 'complete']);
});

test('a lost connection is followed at once from the last id (changing networks loses nothing)', async () => {
  const stream = openStream();
  const scene = stage(stream.answer, streamOf(WORLD + COMPLETE));
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await stream.write(START + HELLO);
  await stream.breakOff();
  await scene.clock.advance(0);
  const request = scene.network.requests[1];
  assert.equal(request?.method, 'GET');
  assert.equal(request?.url, '/api/messages/m1/stream');
  assert.equal(request?.headers['Last-Event-ID'], '1-2');
  assert.deepEqual(scene.ids(), ['1-1', '1-2', '1-3', '1-4']);
});

test('an unfinished frame is not applied and comes again whole', async () => {
  const scene = stage(streamOf(START + HELLO.slice(0, -1)), streamOf(HELLO + WORLD + COMPLETE));
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await scene.clock.advance(0);
  assert.deepEqual(scene.ids(), ['1-1', '1-2', '1-3', '1-4']);
});

test('events that were applied before are dropped (a second reconnect mixes nothing up)', async () => {
  const all = START + HELLO + WORLD;
  const scene = stage(streamOf(all), streamOf(all), streamOf(all + COMPLETE + COMPLETE));
  scene.client.follow('m1');
  await settle();
  await scene.clock.advance(0);
  await scene.clock.advance(2000);
  assert.deepEqual(scene.ids(), ['1-1', '1-2', '1-3', '1-4']);
});

test('ids are compared as numbers, attempt first', async () => {
  const chunk = (/** @type {string} */ id) => frame(id, 'chunk', { content: id });
  const ids = ['1-9', '1-10', '1-9', '2-1', '1-11', '2-1', '10-1', '9-99'];
  const scene = stage(streamOf(ids.map(chunk).join('')));
  scene.client.follow('m1');
  await settle();
  assert.deepEqual(scene.ids(), ['1-9', '1-10', '2-1', '10-1']);
});

test('a complete that repeats the last id still ends the following', async () => {
  const scene = stage(streamOf(frame('1-3', 'complete', { id: 'm1', content: 'x' })));
  scene.client.follow('m1', '1-3');
  await settle();
  assert.deepEqual(scene.names(), ['complete']);
});

test('an ending of an earlier attempt is stale', async () => {
  const scene = stage(streamOf(frame('1-90', 'complete', { id: 'm1', content: 'x' })));
  scene.client.follow('m1', '2-3');
  await settle();
  assert.deepEqual(scene.names(), []);
});

test('after the try at once it waits 1, 2, 4, 8 and 16 s, then gives up and says so', async () => {
  const scene = stage();
  scene.client.follow('m1', '1-2');
  await settle();
  await scene.clock.advance(120_000);
  assert.equal(scene.network.requests.length, 7);
  const said = scene.states.map(({ state, attempt, delayMs }) => [state, attempt, delayMs]);
  assert.deepEqual(said, [
    ['connecting', undefined, undefined],
    ['reconnecting', 0, 0], ['reconnecting', 1, 1000], ['reconnecting', 2, 2000],
    ['reconnecting', 3, 4000], ['reconnecting', 4, 8000], ['reconnecting', 5, 16000],
    ['gave-up', 5, undefined],
  ]);
});

test('waits are made longer and shorter by chance', async () => {
  const { delayAfter } = await import('../../../static/js/lib/retry-schedule.js');
  assert.deepEqual([0, 0.5, 1].map((chance) => delayAfter(4, () => chance)), [6000, 8000, 10000]);
});

test('a page that gave up can be told to try again', async () => {
  const scene = stage();
  scene.client.follow('m1', '1-2');
  await settle();
  await scene.clock.advance(120_000);
  scene.network.answer(streamOf(WORLD + COMPLETE));
  scene.client.retryNow();
  await settle();
  assert.equal(scene.last().state, 'done');
});

test('an applied event makes the count of failures begin anew', async () => {
  const scene = stage();
  scene.client.follow('m1');
  await settle();
  await scene.clock.advance(5000);
  scene.network.answer(streamOf(START));
  await scene.clock.advance(10_000);
  const after = scene.states.slice(scene.states.findIndex(({ state }) => state === 'streaming'));
  assert.deepEqual(after.slice(0, 3).map(({ state, attempt }) => [state, attempt]), [
    ['streaming', undefined], ['reconnecting', 0], ['reconnecting', 1],
  ]);
});

test('a server that only repeats itself does not keep the page trying for ever', async () => {
  const scene = stage(...Array(20).fill(streamOf(START)));
  scene.client.follow('m1', '1-1');
  await settle();
  await scene.clock.advance(300_000);
  assert.equal(scene.last().state, 'gave-up');
  assert.equal(scene.network.requests.length, 7);
});

test('coming online or into view tries again at once', async () => {
  const scene = stage();
  scene.client.follow('m1', '1-2');
  await settle();
  await scene.clock.advance(1500);
  const before = scene.network.requests.length;
  scene.network.answer(streamOf(WORLD + COMPLETE));
  scene.wake.ring();
  await settle();
  assert.equal(scene.network.requests.length, before + 1);
  assert.equal(scene.last().state, 'done');
});

test('a page that nobody looks at for 30 s holds no connection, and goes on where it was', async () => {
  const stream = openStream();
  const scene = stage(stream.answer, streamOf(WORLD + COMPLETE));
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await stream.write(START + HELLO);
  scene.wake.hide();
  await scene.clock.advance(29_999);
  assert.equal(stream.isOpen(), true);
  await scene.clock.advance(1);
  assert.equal(stream.isOpen(), false);
  scene.wake.comeOnline();
  await scene.clock.advance(300_000);
  assert.equal(scene.network.requests.length, 1);
  scene.wake.ring();
  await settle();
  assert.equal(scene.network.requests[1]?.headers['Last-Event-ID'], '1-2');
  assert.deepEqual(scene.ids(), ['1-1', '1-2', '1-3', '1-4']);
  assert.equal(scene.last().state, 'done');
  assert.equal(scene.clock.pending(), 0);
});

test('a page that is looked at again within 30 s keeps its connection', async () => {
  const stream = openStream();
  const scene = stage(stream.answer);
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await stream.write(START);
  scene.wake.hide();
  await scene.clock.advance(20_000);
  scene.wake.ring();
  await stream.write(HELLO);
  await scene.clock.advance(20_000);
  assert.equal(stream.isOpen(), true);
  assert.equal(scene.network.requests.length, 1);
});

test('a hidden page does not let go of a send that has not begun', async () => {
  const stream = openStream();
  const scene = stage(stream.answer);
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  scene.wake.hide();
  await scene.clock.advance(30_000);
  assert.equal(stream.isOpen(), true);
});

test('it says offline while the browser does', async () => {
  const scene = stage();
  scene.wake.goOffline();
  scene.client.follow('m1');
  await settle();
  assert.equal(scene.last().state, 'offline');
});

test('35 s without a byte is a dead connection', async () => {
  const dead = openStream();
  const scene = stage(dead.answer, streamOf(HELLO + COMPLETE));
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await dead.write(START);
  await scene.clock.advance(34_999);
  assert.equal(scene.network.requests.length, 1);
  await scene.clock.advance(1);
  await scene.clock.advance(0);
  assert.equal(scene.network.requests.length, 2);
  assert.equal(scene.last().state, 'done');
});

test('a heartbeat keeps the connection alive', async () => {
  const stream = openStream();
  const scene = stage(stream.answer);
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await stream.write(START);
  for (let beat = 0; beat < 10; beat += 1) {
    await scene.clock.advance(30_000);
    await stream.write(':\n\n');
  }
  assert.equal(scene.network.requests.length, 1);
});

test('a connection that slept with its computer is found dead when the page is seen again', async () => {
  const stream = openStream();
  const scene = stage(stream.answer, streamOf(HELLO + COMPLETE));
  scene.client.follow('m1');
  await settle();
  await stream.write(START);
  scene.wake.ring();
  assert.equal(scene.network.requests.length, 1);
  scene.clock.sleep(3_600_000);
  scene.wake.ring();
  await scene.clock.advance(0);
  assert.equal(scene.last().state, 'done');
});

for (const status of [401, 403, 404, 410, 500]) {
  test(`a follow refused with ${status} is final`, async () => {
    const scene = stage(problem(status, { code: 'not_found', title: 'Not here' }));
    scene.client.follow('m1');
    await settle();
    await scene.clock.advance(60_000);
    assert.equal(scene.network.requests.length, 1);
    assert.equal(scene.last().state, 'failed');
    assert.equal(scene.last().problem.title, 'Not here');
  });
}

for (const status of [429, 502, 503, 504]) {
  test(`a follow answered with ${status} is tried again`, async () => {
    const scene = stage(problem(status, { code: 'unavailable' }), streamOf(COMPLETE));
    scene.client.follow('m1');
    await settle();
    await scene.clock.advance(0);
    assert.equal(scene.last().state, 'done');
  });
}

test('the server may ask for a longer wait, and being online is no reason to come earlier', async () => {
  const scene = stage(problem(503, { code: 'unavailable' }, { 'Retry-After': '20' }), streamOf(COMPLETE));
  scene.client.follow('m1');
  await settle();
  assert.equal(scene.last().delayMs, 20_000);
  scene.wake.ring();
  await scene.clock.advance(19_999);
  assert.equal(scene.network.requests.length, 1);
  await scene.clock.advance(1);
  assert.equal(scene.last().state, 'done');
});

test('a refused send is reported with its code and its wait, and not repeated', async () => {
  const scene = stage(problem(429, { code: 'rate_limited', title: 'Slow down', retry_after: 24 }));
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await scene.clock.advance(60_000);
  assert.equal(scene.network.requests.length, 1);
  const { state, problem: refusal } = scene.last();
  assert.deepEqual([state, refusal.code, refusal.title, refusal.retry_after], ['failed', 'rate_limited', 'Slow down', 24]);
});

test('a send that meets a restart is sent again with the same client id, when the server says', async () => {
  const leaving = problem(503, { code: 'unavailable', retry_after: 1 });
  const scene = stage(leaving, streamOf(START + COMPLETE));
  const clientId = scene.client.send(SEND, { content: 'Hi' });
  await settle();
  assert.equal(scene.last().state, 'reconnecting');
  await scene.clock.advance(1000);
  assert.equal(scene.network.requests[1]?.body.client_id, clientId);
  assert.equal(scene.last().state, 'done');
});

test('a gateway that speaks for itself does not lose the send', async () => {
  const gateway = () => new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Content-Type': 'text/html' } });
  const scene = stage(gateway, streamOf(START + COMPLETE));
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await scene.clock.advance(0);
  assert.equal(scene.last().state, 'done');
});

test('a page in the place of a stream is a lost connection', async () => {
  const portal = () => new Response('<h1>Sign in to the hotel</h1>', { headers: { 'Content-Type': 'text/html' } });
  const scene = stage(portal, streamOf(START + COMPLETE));
  scene.client.follow('m1');
  await settle();
  await scene.clock.advance(0);
  assert.equal(scene.last().state, 'done');
});

const STORED = {
  user_message: { id: 'u1', content: 'Hi', created_at: 'now' },
  message: { id: 'm1', conversation_id: 'c1', content: 'Hello', metadata: { attempts: 1 } },
};

test('a body that never comes is replaced by the plain send with the same client id', async () => {
  const held = openStream();
  const scene = stage(held.answer, () => Response.json(STORED));
  const clientId = scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await scene.clock.advance(35_000);
  const request = scene.network.requests[1];
  assert.equal(request?.url, '/api/conversations/c1/messages');
  assert.equal(request?.body.client_id, clientId);
  assert.deepEqual(scene.names(), ['user_message', 'start', 'complete']);
  assert.equal(scene.last().state, 'done');
});

test('headers that never come are waited for twice before the plain send', async () => {
  const scene = stage(silence, silence, () => Response.json(STORED));
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await scene.clock.advance(35_000);
  await scene.clock.advance(35_000);
  assert.deepEqual(scene.network.requests.map(({ url }) => url), [SEND, SEND, '/api/conversations/c1/messages']);
  assert.equal(scene.last().state, 'done');
});

test('a plain send that failed ends in an error event with what was written', async () => {
  const error = { code: 'unavailable', message: 'No provider', retryable: true };
  const failed = { message: { ...STORED.message, metadata: { attempts: 1, error } } };
  const scene = stage(openStream().answer, () => Response.json(failed));
  scene.client.send(SEND, { content: 'Hi' });
  await settle();
  await scene.clock.advance(35_000);
  assert.deepEqual(scene.names(), ['start', 'snapshot', 'error']);
  assert.equal(scene.events.at(-2).data.content, 'Hello');
});

test('characters cut between two reads arrive whole', async () => {
  const stream = openStream();
  const scene = stage(stream.answer);
  scene.client.follow('m1');
  await settle();
  for (const byte of new TextEncoder().encode(frame('1-1', 'chunk', { content: '🎈é漢' }))) {
    await stream.writeBytes(Uint8Array.of(byte));
  }
  assert.equal(scene.events[0].data.content, '🎈é漢');
});

test('unknown events are ignored, whatever is in them', async () => {
  const scene = stage(streamOf(`id: 1-1\nevent: novelty\ndata: not json\n\n${COMPLETE}`));
  scene.client.follow('m1');
  await settle();
  assert.deepEqual(scene.names(), ['complete']);
});

test('closing hands over nothing more and leaves no timer', async () => {
  const stream = openStream();
  const scene = stage(stream.answer);
  scene.client.follow('m1');
  await settle();
  await stream.write(START);
  scene.client.close();
  const said = scene.states.length;
  await settle();
  await scene.clock.advance(120_000);
  assert.deepEqual([scene.names(), scene.states.length, scene.clock.pending()], [['start'], said, 0]);
});

test('the next message can be sent from within the last event', async () => {
  const scene = stage(streamOf(START + COMPLETE));
  const client = createStreamClient({
    fetch: scene.network.fetch, clock: scene.clock,
    onEvent: ({ event }) => {
      if (event !== 'complete' || scene.network.requests.length > 1) return;
      scene.network.answer(streamOf(START + COMPLETE));
      client.send(SEND, { content: 'More' });
    },
    onState: ({ state }) => scene.states.push(state),
  });
  client.send(SEND, { content: 'Hi' });
  await settle();
  assert.deepEqual(scene.states, ['connecting', 'streaming', 'connecting', 'streaming', 'done']);
});
