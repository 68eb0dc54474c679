// @ts-check
/** Work that waits for its turn, so many pieces at once. Imports nothing. */

/**
 * @param {number} atOnce
 * @param {() => void} onIdle called whenever the last piece is done
 * @returns {{add: (work: () => Promise<void>) => void}} pieces must not reject
 */
export function createQueue(atOnce, onIdle) {
  /** @type {(() => Promise<void>)[]} */
  const waiting = [];
  let running = 0;

  function next() {
    const work = running < atOnce ? waiting.shift() : undefined;
    if (!work) return;
    running += 1;
    work().then(() => {
      running -= 1;
      if (running === 0 && waiting.length === 0) onIdle();
      next();
    });
  }

  return {
    add(work) {
      waiting.push(work);
      next();
    },
  };
}
