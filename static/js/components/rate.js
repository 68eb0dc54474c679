// @ts-check
/**
 * How fast an answer arrives: tokens a second over the last seconds, measured from what this page
 * received. What a snapshot brought was written before, so it counts for nothing.
 */

const CHARACTERS_A_TOKEN = 4;
const WINDOW_MS = 3000;
const FIRST_MS = 400;

/**
 * @param {() => number} [now] milliseconds
 */
export function createRate(now = () => performance.now()) {
  /** @type {{at: number, length: number}[]} */
  let samples = [];
  let began = 0;
  let leaps = 0;

  return {
    /** @param {number} length characters of the answer so far @param {number} [leaped] how often some came at once */
    add(length, leaped = 0) {
      const last = samples.at(-1);
      if (last && (length < last.length || leaped !== leaps)) samples = [];
      leaps = leaped;
      if (last?.length === length) return;
      const at = now();
      if (samples.length === 0) began = at;
      samples.push({ at, length });
      while (samples.length > 2 && at - /** @type {any} */ (samples[1]).at > WINDOW_MS) samples.shift();
    },

    /** Tokens a second; null while too little has arrived to say. */
    tokensPerSecond() {
      const [first, last] = [samples[0], samples.at(-1)];
      if (!first || !last || last.at - first.at < FIRST_MS) return null;
      return (last.length - first.length) / CHARACTERS_A_TOKEN / ((last.at - first.at) / 1000);
    },

    /** Milliseconds since the first text arrived. */
    elapsed: () => (samples.length > 0 ? now() - began : 0),
  };
}
