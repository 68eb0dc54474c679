/** The part of highlight.js that the page uses. */
interface Highlighter {
  getLanguage(name: string): { name?: string } | undefined;
  highlight(code: string, options: { language: string; ignoreIllegals?: boolean }): { value: string };
}
declare const highlighter: Highlighter;
export default highlighter;
