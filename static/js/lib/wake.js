// @ts-check
/**
 * The browser's signs that a lost connection is worth another try now: it is
 * online again, or somebody looks at the page again. Timers of a hidden page
 * are slowed down, so waiting for them alone would keep a reader waiting.
 *
 * Imports nothing; the window and the document are passed in by tests.
 */

/**
 * @typedef {object} WakeSource
 * @property {() => boolean} isOnline
 * @property {(listener: () => void) => () => void} subscribe returns the end of it
 */

/**
 * The wake-up source of a real page.
 *
 * @param {Window} [view] @param {Document} [page]
 * @returns {WakeSource}
 */
export function browserWake(view = window, page = document) {
  return {
    isOnline: () => view.navigator.onLine !== false,
    subscribe(listener) {
      const whenVisible = () => {
        if (page.visibilityState === 'visible') listener();
      };
      view.addEventListener('online', listener);
      page.addEventListener('visibilitychange', whenVisible);
      return () => {
        view.removeEventListener('online', listener);
        page.removeEventListener('visibilitychange', whenVisible);
      };
    },
  };
}

/** A source that never wakes anybody, for places without a page. @type {WakeSource} */
export const neverWakes = { isOnline: () => true, subscribe: () => () => {} };
