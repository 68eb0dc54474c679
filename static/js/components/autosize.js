// @ts-check
/** A text field that is as high as its text, where the browser does not do that by itself. */

/**
 * @param {HTMLTextAreaElement} input
 * @returns {() => void} to be called when a script has changed the text
 */
export function growWithText(input) {
  if (CSS.supports('field-sizing', 'content')) return () => {};
  const resize = () => {
    input.style.setProperty('height', 'auto');
    input.style.setProperty('height', `${input.scrollHeight + 2}px`);
  };
  input.addEventListener('input', resize);
  resize();
  return resize;
}
