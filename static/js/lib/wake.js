// @ts-check
/**
 * The browser's signs that a lost connection is worth another try now: it is
 * online again, or somebody looks at the page again. Timers of a hidden page
 * are slowed down, so waiting for them alone would keep a reader waiting. Also
 * the sign that nobody looks any more.
 *
 * Imports nothing; the window and the document are passed in by tests.
 */

/**
 * @typedef {object} WakeSource
 * @property {() => boolean} isOnline
 * @property {() => boolean} isHidden
 * @property {(listener: () => void, whenHidden: () => void) => () => void} subscribe returns the end of it
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
    isHidden: () => page.visibilityState === 'hidden',
    subscribe(listener, whenHidden) {
      const turn = () => {
        if (page.visibilityState === 'visible') listener();
        else whenHidden();
      };
      view.addEventListener('online', listener);
      page.addEventListener('visibilitychange', turn);
      return () => {
        view.removeEventListener('online', listener);
        page.removeEventListener('visibilitychange', turn);
      };
    },
  };
}

/** A source that never wakes anybody, for places without a page. @type {WakeSource} */
export const neverWakes = { isOnline: () => true, isHidden: () => false, subscribe: () => () => {} };
