// @ts-check
/** A worker that lays graphs out, so that the page never waits for it: {id, concepts, links, ratio} → {id, places}. */

import { layOut } from './layout.js';

const worker = /** @type {{onmessage: ((event: MessageEvent) => void) | null, postMessage(message: object, moved: Transferable[]): void}} */ (
  /** @type {unknown} */ (globalThis));

worker.onmessage = ({ data: { id, concepts, links, ratio } }) => {
  const places = layOut(concepts, links, ratio);
  worker.postMessage({ id, places }, [places.buffer]);
};
