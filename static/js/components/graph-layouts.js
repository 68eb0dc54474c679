// @ts-check
/** Layouts of the graph, made by a worker that gets ready while the first concepts are on their way. */

/**
 * @typedef {import('../lib/graph/layout.js').Concept} Concept
 * @typedef {import('../lib/graph/layout.js').Link} Link
 */

const RATIOS = { wide: 1.35, narrow: 0.7 }; // of the picture; two, so that it is the same again

export function createLayouts() {
  let current = start();
  let last = 0;
  return {
    /** @param {Concept[]} concepts @param {Link[]} links @param {boolean} isNarrow @returns {Promise<Float32Array>} */
    async lay(concepts, links, isNarrow) {
      const { worker, broken } = current;
      last += 1;
      const id = last;
      const ratio = isNarrow ? RATIOS.narrow : RATIOS.wide;
      worker.postMessage({ id, concepts, links, ratio });
      try {
        return await Promise.race([answer(worker, id), broken]);
      } catch (error) {
        if (current.worker === worker) current = start();
        throw error;
      }
    },
  };
}

/** A worker, and what is rejected as soon as it fails, before it is asked anything too. */
function start() {
  const worker = new Worker(new URL('../lib/graph/layout-worker.js', import.meta.url), { type: 'module' });
  /** @type {Promise<never>} */
  const broken = new Promise((_, reject) => {
    worker.addEventListener('error', reject, { once: true });
  });
  broken.catch(() => {});
  return { worker, broken };
}

/** @param {Worker} worker @param {number} id @returns {Promise<Float32Array>} */
function answer(worker, id) {
  return new Promise((resolve) => {
    worker.addEventListener('message', function answered({ data }) {
      if (data.id !== id) return;
      worker.removeEventListener('message', answered);
      resolve(data.places);
    });
  });
}
