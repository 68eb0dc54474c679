// @ts-check
/**
 * Keeps the end of a growing transcript in view while the reader is there, and
 * leaves the reader alone everywhere else.
 *
 * What tells the two apart: a place that is away from the end and higher than
 * where we put it can only be the reader's doing. Growth alone moves nothing
 * up, so it never counts as leaving. Imports nothing.
 */

const NEAR_PX = 48;

/**
 * @typedef {{scrollTop: number, scrollHeight: number, clientHeight: number,
 *   addEventListener: (type: string, listener: () => void, options?: any) => void,
 *   removeEventListener: (type: string, listener: () => void) => void}} Scroller
 */

/**
 * `grew` is called after content was added; `toEnd` is the reader's button;
 * `onChange` hears whether the end is followed.
 *
 * A scroller with reversed columns counts its place from the end, 0 and below;
 * both kinds are understood.
 *
 * @param {Scroller} scroller
 * @param {{onChange?: (following: boolean) => void, reversed?: boolean}} [options]
 */
export function createFollower(scroller, { onChange = () => {}, reversed = false } = {}) {
  let following = true;
  // Where it was last seen or put, to tell up from down.
  let place = fromTop();

  function fromTop() {
    const end = scroller.scrollHeight - scroller.clientHeight;
    return reversed ? end + scroller.scrollTop : scroller.scrollTop;
  }

  function distance() {
    return scroller.scrollHeight - scroller.clientHeight - fromTop();
  }

  /** @param {boolean} next */
  function set(next) {
    if (following === next) return;
    following = next;
    onChange(next);
  }

  function scrolled() {
    const now = fromTop();
    if (distance() <= NEAR_PX) set(true);
    else if (now < place) set(false);
    place = now;
  }

  function grew() {
    if (following) moveToEnd();
    // Content above may have become smaller; that is not the reader's doing.
    else place = fromTop();
  }

  function moveToEnd() {
    if (distance() > 0) scroller.scrollTop = reversed ? 0 : scroller.scrollHeight;
    place = fromTop();
  }

  function toEnd() {
    set(true);
    moveToEnd();
  }

  scroller.addEventListener('scroll', scrolled, { passive: true });
  return {
    grew,
    toEnd,
    isFollowing: () => following,
    close: () => scroller.removeEventListener('scroll', scrolled),
  };
}
