// @ts-check
/** Layouts of the graph, made by one worker that begins with the first of them. */

/**
 * @typedef {import('../lib/graph/layout.js').Concept} Concept
 * @typedef {import('../lib/graph/layout.js').Link} Link
 */

const RATIOS = { wide: 1.35, narrow: 0.7 }; // of the picture; two, so that it is the same again

export function createLayouts() {
  /** @type {Worker | undefined} */
  let worker;
  let last = 0;
  return {
    /** @param {Concept[]} concepts @param {Link[]} links @param {boolean} isNarrow @returns {Promise<Float32Array>} */
    lay(concepts, links, isNarrow) {
      worker ??= new Worker(new URL('../lib/graph/layout-worker.js', import.meta.url), { type: 'module' });
      const own = worker;
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        own.addEventListener('message', function answered({ data }) {
          if (data.id !== id) return;
          own.removeEventListener('message', answered);
          resolve(data.places);
        });
        own.addEventListener('error', reject, { once: true });
        const ratio = isNarrow ? RATIOS.narrow : RATIOS.wide;
        own.postMessage({ id, concepts, links, ratio });
      });
    },
  };
}
