// @ts-check
/**
 * Draws at most once per animation frame. A hidden tab gets no frames, so a
 * timer stands by: the page is up to date when somebody looks at it again.
 */

const HIDDEN_MS = 250;

/**
 * @param {() => void} draw
 * @returns {{request: () => void, flush: () => void}} `flush` draws what is due now
 */
export function createFrames(draw) {
  let frame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function run() {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    draw();
  }

  return {
    request() {
      if (frame) return;
      frame = requestAnimationFrame(run);
      timer = setTimeout(run, HIDDEN_MS);
    },
    flush() {
      if (frame) run();
    },
  };
}
