/** The part of DOMPurify that the page uses. */
interface Purifier {
  (view: Window): Purifier;
  sanitize(html: string, options: object & { RETURN_DOM_FRAGMENT: true }): DocumentFragment;
}
declare const purifier: Purifier;
export default purifier;
