// @ts-check
/**
 * One real button where the keyboard is in the graph. It is the concept for screen readers, too: made
 * anew for each, so that each is read out.
 */

/**
 * @param {HTMLElement} place
 * @param {{onChoose: (key: string) => void, onFocus: (isIn: boolean) => void}} told
 */
export function createFocus(place, { onChoose, onFocus }) {
  const held = () => /** @type {HTMLElement | null} */ (place.firstElementChild);

  return {
    /**
     * @param {{key: string, name: string, passages: number}} concept @param {number} links that are shown
     * @param {{isChosen: boolean, withFocus: boolean}} how
     */
    put(concept, links, { isChosen, withFocus }) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'canvas__focus';
      button.setAttribute('aria-label',
        `${concept.name}, ${count(concept.passages, 'passage')}, ${count(links, 'link')} shown`);
      if (isChosen) button.setAttribute('aria-current', 'true');
      button.addEventListener('click', () => onChoose(concept.key));
      button.addEventListener('focus', () => onFocus(true));
      button.addEventListener('blur', () => onFocus(false));
      const had = place.contains(document.activeElement);
      place.append(button);
      if (withFocus || had) button.focus({ preventScroll: true });
      for (const other of [...place.children]) if (other !== button) other.remove();
    },
    /** Puts it around a circle on the screen. @param {{x: number, y: number}} middle @param {number} radius */
    place({ x, y }, radius) {
      const button = held();
      if (!button) return;
      const reach = radius + 3;
      button.style.transform = `translate(${x - reach}px, ${y - reach}px)`;
      button.style.width = `${2 * reach}px`;
      button.style.height = `${2 * reach}px`;
    },
    remove() {
      place.replaceChildren();
    },
    take() {
      held()?.focus({ preventScroll: true });
    },
  };
}

/** @param {number} number @param {string} noun */
function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
