// @ts-check
/**
 * How much of a growing text to show now. It arrives in pieces, every 20 to 100 ms, and is shown
 * evenly in between.
 *
 * Keeps true: nothing is shown later than 150 ms after it arrived, and a frame; while there is
 * something left each frame shows more; the first text is shown at once. Pure: the time is passed
 * in, in milliseconds. Imports nothing.
 */

const LONGEST_LAG_MS = 150;
const LONGEST_SPREAD_MS = 130;
const FRAME_MS = 16;
const FIRST_GAP_MS = 50;
/** How much a new gap counts against those before it. */
const NEW_GAP = 0.3;
/** Spreading over a little more than the gap bridges pieces that come late. */
const SPARE = 1.25;

export function createSmoothing() {
  /** Characters that have arrived. */
  let length = 0;
  /** How far they are shown at the time `at`; a fraction, so that slow text grows too. */
  let place = 0;
  let at = 0;
  /** Characters a millisecond. */
  let speed = 0;
  let gap = FIRST_GAP_MS;
  let arrivedAt = -Infinity;
  /** What has to be shown by when. @type {{length: number, by: number}[]} */
  let due = [];

  /** @param {number} now */
  function advance(now) {
    place = Math.min(length, place + speed * Math.max(0, now - at));
    at = now;
    for (let first = due[0]; first && (first.by <= now || first.length <= place); first = due[0]) {
      place = Math.max(place, first.length);
      due.shift();
    }
  }

  /** @param {number} now */
  function learnGap(now) {
    const passed = now - arrivedAt;
    // A pause of the writer says nothing of how often pieces come while it writes.
    if (passed > 0 && passed <= LONGEST_LAG_MS) gap += (passed - gap) * NEW_GAP;
    arrivedAt = now;
  }

  return {
    /**
     * The text has `whole` characters now.
     *
     * @param {number} whole @param {number} now
     */
    arrived(whole, now) {
      if (whole <= length) return;
      advance(now);
      if (length === 0) {
        this.showAll(whole, now);
        return;
      }
      learnGap(now);
      // Where nothing was left, this piece begins to show in this very frame.
      if (place === length) at = now - FRAME_MS;
      length = whole;
      due.push({ length, by: now + LONGEST_LAG_MS });
      speed = (length - place) / Math.min(Math.max(gap * SPARE, FRAME_MS), LONGEST_SPREAD_MS);
    },

    /**
     * Everything up to `whole` is to be seen at once, also where that is less than before.
     *
     * @param {number} whole @param {number} now
     */
    showAll(whole, now) {
      length = place = whole;
      arrivedAt = at = now;
      due = [];
    },

    /** How many characters are to be shown at least. @param {number} now */
    shown(now) {
      advance(now);
      return Math.ceil(place);
    },
  };
}
