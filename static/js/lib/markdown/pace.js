// @ts-check
/**
 * When a growing text is painted: with the next frame, and after a costly
 * painting only once it has been idle for longer than that took. So however
 * much a block costs, painting takes a bounded share of the time.
 */

const SHARE_WORTH_RATIONING_MS = 6;
const IDLE_PER_PAINTING = 4;
const HIDDEN_PAGE_MS = 250;

/**
 * @typedef {object} Pace
 * @property {() => void} request asks for a painting, once however often it is called
 * @property {() => void} cancel
 *
 * @param {() => void} paint
 * @param {{now?: () => number}} [options]
 * @returns {Pace}
 */
export function createPace(paint, { now = () => performance.now() } = {}) {
  let cancelPending = /** @type {(() => void) | null} */ (null);
  let earliest = 0;

  function run() {
    cancelPending = null;
    const start = now();
    paint();
    const cost = now() - start;
    earliest = cost > SHARE_WORTH_RATIONING_MS ? now() + cost * IDLE_PER_PAINTING : 0;
  }

  /** @param {number} wait */
  function schedule(wait) {
    // A hidden page has no frames; its text goes on nevertheless.
    if (wait <= 0 && !document.hidden) {
      const frame = requestAnimationFrame(run);
      return () => cancelAnimationFrame(frame);
    }
    const timer = setTimeout(run, document.hidden ? Math.max(wait, HIDDEN_PAGE_MS) : wait);
    return () => clearTimeout(timer);
  }

  return {
    request() {
      cancelPending ??= schedule(earliest - now());
    },
    cancel() {
      cancelPending?.();
      cancelPending = null;
    },
  };
}
