// @ts-check
/**
 * Asks again and again for what is not over yet, and rests when all is. Imports nothing.
 */

/**
 * @template Item
 * @param {{read: () => Promise<Item[]>, show: (items: Item[]) => boolean,
 *   wait?: (run: () => void) => void}} parts `show` says whether something is still under way;
 *   `wait` calls `run` after a while
 * @returns {{wake: () => void}} begins to ask, unless it does already
 */
export function createFollowing({ read, show, wait = (run) => setTimeout(run, 700) }) {
  let asking = false;

  async function ask() {
    let more = true;
    try {
      more = show(await read());
    } catch {
      // The server is away or busy: what is under way there goes on, so ask again.
    }
    if (more) wait(ask);
    else asking = false;
  }

  return {
    wake() {
      if (asking) return;
      asking = true;
      wait(ask);
    },
  };
}
