// @ts-check
/**
 * Follows one run to its end, over as many connections as it takes: the rules
 * "A client" and "Resuming" of docs/protocol.md.
 *
 * Keeps true: each event is handed over once and in order; a run is started
 * once, because every send carries the same `client_id`; closing stops the
 * following, never the run; a page that nobody looks at for a while holds no
 * connection. Touches no page: fetch, clock and wake-ups are passed in.
 */

import { isEnding, isNews } from './run-events.js';
import { uuid } from './ids.js';
import { eventsOf, plainAddress } from './plain-send.js';
import { Problem, problemOf } from './problem.js';
import { RETRIES, delayAfter, isWorthRetrying } from './retry-schedule.js';
import { createRunRequests } from './run-requests.js';
import { readEvents } from './stream-response.js';
import { neverWakes } from './wake.js';

/**
 * @typedef {import('./stream-response.js').RunEvent} RunEvent
 * @typedef {{setTimeout: (run: () => void, ms: number) => any,
 *   clearTimeout: (timer: any) => void, now: () => number}} Clock
 * @typedef {object} StreamState
 * @property {'connecting'|'streaming'|'reconnecting'|'offline'|'gave-up'|'done'|'failed'} state
 * @property {number} [attempt] which of the `of` tries; 0 is the one made at once
 * @property {number} [of]
 * @property {number} [delayMs] until that try
 * @property {Problem} [problem]
 * @property {boolean} [plain] true while it waits for an answer without a stream
 * @typedef {object} StreamClientOptions
 * @property {typeof globalThis.fetch} [fetch]
 * @property {Clock} [clock]
 * @property {import('./wake.js').WakeSource} [wake]
 * @property {() => number} [random]
 * @property {Record<string, string> | (() => Record<string, string>)} [headers]
 * @property {string} [base] where Parley is mounted, without a slash at the end
 * @property {(event: RunEvent) => void} [onEvent]
 * @property {(state: StreamState) => void} [onState]
 */

const DEAD_AFTER_MS = 35_000;
const SILENT_CONNECTIONS_BEFORE_PLAIN = 2;
const REST_AFTER_MS = 30_000;

/** @type {Clock} */
const realClock = {
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer),
  now: () => Date.now(),
};

/**
 * Makes a client for one run.
 *
 * @param {StreamClientOptions} [options]
 */
export function createStreamClient(options) {
  return new StreamClient(options);
}

/** See {@link createStreamClient}. */
export class StreamClient {
  #requests;
  #clock;
  #wake;
  #random;
  #onEvent;
  #onState;

  /** What to send until the run's message is known. @type {import('./run-requests.js').Send | null} */
  #sending = null;
  #messageId = '';
  #lastId = '';
  #failures = 0;
  /** Connections in a row that brought not one byte until they counted as dead. */
  #silentConnections = 0;
  #everHeard = false;
  #plain = false;
  #ended = true;
  #gaveUp = false;
  /** Results of any connection but the newest are void. */
  #connection = 0;
  #answered = false;
  #streaming = false;
  #heardAt = 0;
  #abort = new AbortController();
  #watchdog = /** @type {any} */ (null);
  #retryTimer = /** @type {any} */ (null);
  #mayWake = false;
  #restTimer = /** @type {any} */ (null);
  #resting = false;
  #unsubscribe = () => {};

  /** @param {StreamClientOptions} [options] */
  constructor({
    fetch = globalThis.fetch.bind(globalThis), clock = realClock, wake = neverWakes,
    random = Math.random, headers = {}, base = '', onEvent = () => {}, onState = () => {},
  } = {}) {
    this.#requests = createRunRequests(fetch, headers, base);
    this.#clock = clock;
    this.#wake = wake;
    this.#random = random;
    this.#onEvent = onEvent;
    this.#onState = onState;
  }

  /** The followed message, "" until it is known. */
  get messageId() {
    return this.#messageId;
  }

  /** The id of the last event applied. */
  get lastId() {
    return this.#lastId;
  }

  /**
   * Posts `body` and follows the run it starts; returns its `client_id`.
   *
   * @param {string} url @param {Record<string, unknown>} body
   * @returns {string}
   */
  send(url, body) {
    const clientId = String(body['client_id'] ?? uuid());
    this.#begin('', '', { url, body: { ...body, client_id: clientId } });
    return clientId;
  }

  /**
   * Follows a run that exists, after the event `lastId`.
   *
   * @param {string} messageId @param {string} [lastId]
   */
  follow(messageId, lastId = '') {
    this.#begin(messageId, lastId, null);
  }

  /** Tries again now, for the button of a page that has given up or waits. */
  retryNow() {
    if (this.#ended || (this.#retryTimer === null && !this.#gaveUp)) return;
    this.#failures = 0;
    this.#tryAgain();
  }

  /** Ends the following; the run goes on. Nothing is reported afterwards. */
  close() {
    this.#ended = true;
    this.#resting = false;
    this.#clock.clearTimeout(this.#restTimer);
    this.#disconnect();
    this.#unsubscribe();
  }

  /** @param {string} messageId @param {string} lastId @param {import('./run-requests.js').Send | null} sending */
  #begin(messageId, lastId, sending) {
    this.close();
    this.#messageId = messageId;
    this.#lastId = lastId;
    this.#sending = sending;
    this.#failures = this.#silentConnections = 0;
    this.#everHeard = this.#plain = this.#ended = this.#gaveUp = false;
    this.#unsubscribe = this.#wake.subscribe(() => this.#wokenUp(), () => this.#restLater());
    this.#say('connecting');
    this.#connect();
  }

  async #connect() {
    this.#disconnect();
    const connection = this.#connection;
    this.#abort = new AbortController();
    this.#answered = this.#streaming = false;
    this.#listen();
    let failure = new Error('the connection ended before the answer did');
    try {
      if (this.#plain) await this.#receiveWhole(connection);
      else await this.#receive(connection);
    } catch (error) {
      failure = /** @type {Error} */ (error);
    }
    if (connection === this.#connection) this.#lost(failure);
  }

  /** @param {number} connection */
  async #receive(connection) {
    const response = await this.#request();
    if (connection !== this.#connection) return;
    this.#answered = true;
    this.#listen();
    if (!response.ok) throw await problemOf(response, this.#clock.now());
    await readEvents(response, {
      onBytes: () => connection === this.#connection && this.#heard(),
      onEvent: (event) => connection === this.#connection && this.#apply(event),
    });
  }

  /** @param {number} connection */
  async #receiveWhole(connection) {
    // No bytes are due before the answer is whole, so silence means nothing.
    this.#clock.clearTimeout(this.#watchdog);
    const response = await this.#request();
    if (!response.ok) throw await problemOf(response, this.#clock.now());
    const answer = await response.json();
    for (const event of eventsOf(answer, String(this.#sending?.body['client_id'] ?? ''))) {
      if (connection === this.#connection) this.#apply(event);
    }
  }

  #request() {
    const { signal } = this.#abort;
    if (this.#sending && (this.#plain || !this.#messageId)) {
      return this.#requests.send(this.#sending, this.#plain, signal);
    }
    return this.#requests.follow(this.#messageId, this.#lastId, signal);
  }

  #heard() {
    this.#everHeard = true;
    this.#silentConnections = 0;
    this.#listen();
    if (!this.#streaming) this.#say('streaming');
    this.#streaming = true;
  }

  /** Counts the silence anew. */
  #listen() {
    this.#heardAt = this.#clock.now();
    this.#clock.clearTimeout(this.#watchdog);
    this.#watchdog = this.#clock.setTimeout(() => this.#silent(), DEAD_AFTER_MS);
  }

  #silent() {
    if (!this.#everHeard) {
      // Headers and then nothing: something holds the body back, and would again.
      this.#silentConnections += this.#answered ? SILENT_CONNECTIONS_BEFORE_PLAIN : 1;
    }
    this.#lost(new Error(`nothing arrived for ${DEAD_AFTER_MS / 1000} s`));
  }

  /** @param {RunEvent} event */
  #apply(event) {
    if (!isNews(event, this.#lastId)) return;
    if (event.id) this.#lastId = event.id;
    if (event.event === 'start' && event.data?.message_id) this.#messageId = event.data.message_id;
    this.#failures = 0;
    const ending = isEnding(event);
    if (ending) this.close();
    const connection = this.#connection;
    this.#handOver(event);
    // The page may have sent the next message from within its callback.
    if (ending && connection === this.#connection) this.#say('done');
  }

  /** @param {RunEvent} event */
  #handOver(event) {
    try {
      this.#onEvent(event);
    } catch (error) {
      // A fault of the page is not one of the connection: report it, go on.
      queueMicrotask(() => { throw error; });
    }
  }

  /** @param {Error} failure */
  #lost(failure) {
    this.#disconnect();
    const problem = failure instanceof Problem ? failure : undefined;
    const following = !this.#sending || this.#messageId !== '';
    if (problem && !isWorthRetrying(problem, following)) return this.#fail(problem);
    if (this.#shouldGoPlain()) return this.#goPlain();
    return this.#retryLater(problem);
  }

  #shouldGoPlain() {
    return !this.#plain && this.#sending !== null && plainAddress(this.#sending.url) !== null
      && this.#silentConnections >= SILENT_CONNECTIONS_BEFORE_PLAIN;
  }

  #goPlain() {
    this.#plain = true;
    this.#say('connecting');
    this.#connect();
  }

  /** @param {Problem} problem */
  #fail(problem) {
    this.close();
    this.#say('failed', { problem });
  }

  /** @param {Problem | undefined} problem */
  #retryLater(problem) {
    const delay = delayAfter(this.#failures, this.#random);
    if (delay === null) return this.#giveUp(problem);
    const asked = problem?.retryAfter ?? null;
    const delayMs = Math.max(delay, (asked ?? 0) * 1000);
    // Being online again is no reason to come before the server's own time.
    this.#mayWake = asked === null;
    const attempt = this.#failures;
    this.#failures += 1;
    this.#retryTimer = this.#clock.setTimeout(() => this.#tryAgain(), delayMs);
    const state = this.#wake.isOnline() ? 'reconnecting' : 'offline';
    return this.#say(state, { attempt, of: RETRIES, delayMs, ...(problem && { problem }) });
  }

  /** @param {Problem | undefined} problem */
  #giveUp(problem) {
    this.#gaveUp = true;
    this.#say('gave-up', { attempt: RETRIES, of: RETRIES, ...(problem && { problem }) });
  }

  /** Nobody looks any more: who is still away in a while is no reason to hold a connection. */
  #restLater() {
    this.#clock.clearTimeout(this.#restTimer);
    this.#restTimer = this.#clock.setTimeout(() => this.#rest(), REST_AFTER_MS);
  }

  #rest() {
    const isSettled = this.#messageId !== '' && !this.#plain && !this.#gaveUp;
    if (!isSettled || !this.#wake.isHidden()) return;
    this.#resting = true;
    this.#disconnect();
  }

  #wokenUp() {
    if (this.#wake.isHidden() && this.#resting) return undefined;
    this.#clock.clearTimeout(this.#restTimer);
    if (this.#resting) {
      this.#resting = false;
      this.#failures = 0;
      return this.#tryAgain();
    }
    if (this.#gaveUp) return this.retryNow();
    if (this.#retryTimer !== null) return this.#mayWake ? this.#tryAgain() : undefined;
    // Timers stand still while a computer sleeps; its clock does not.
    const silentFor = this.#clock.now() - this.#heardAt;
    if (!this.#plain && silentFor >= DEAD_AFTER_MS) this.#silent();
  }

  #tryAgain() {
    this.#gaveUp = false;
    if (this.#failures === 0) this.#say('connecting');
    this.#connect();
  }

  #disconnect() {
    this.#connection += 1;
    this.#abort.abort();
    this.#clock.clearTimeout(this.#watchdog);
    this.#clock.clearTimeout(this.#retryTimer);
    this.#watchdog = this.#retryTimer = null;
  }

  /** @param {StreamState['state']} state @param {Partial<StreamState>} [more] */
  #say(state, more = {}) {
    this.#onState({ state, ...(this.#plain && { plain: true }), ...more });
  }
}
