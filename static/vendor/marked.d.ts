/** The part of marked that the page uses. */
export interface Token {
  type: string;
  raw: string;
  text?: string;
  tokens?: Token[];
  items?: Token[];
  rows?: Token[][];
  header?: Token[];
  ordered?: boolean;
  start?: number | '';
  loose?: boolean;
  lang?: string;
  tag?: string;
  href?: string;
  title?: string | null;
  depth?: number;
  checked?: boolean;
  align?: 'left' | 'right' | 'center' | null;
  n?: number;
  autolink?: boolean;
  codeBlockStyle?: 'indented';
}
export type Links = Record<string, { href: string; title: string | null | undefined }>;
export interface Options {
  gfm?: boolean;
  breaks?: boolean;
  tokenizer?: Tokenizer;
  renderer?: Renderer;
  extensions?: unknown;
}
export interface Rules {
  other: Record<string, unknown>;
  block: Record<string, RegExp>;
  inline: Record<string, RegExp>;
}
export class Lexer {
  constructor(options?: Options);
  tokenizer: Tokenizer;
  tokens: Token[] & { links: Links };
  inlineQueue: { src: string; tokens: Token[] }[];
  state: { inLink: boolean; inRawBlock: boolean; linkEmitted: boolean };
  blockTokens(source: string, tokens?: Token[]): Token[];
  inlineTokens(source: string, tokens?: Token[]): Token[];
}
export class Parser {
  constructor(options?: Options);
  parse(tokens: Token[]): string;
  parseInline(tokens: Token[]): string;
}
export class Tokenizer {
  lexer: Lexer;
  rules: Rules;
  def(source: string): Token | undefined;
  link(source: string): Token | undefined;
  reflink(source: string, links: Links): Token | undefined;
  autolink(source: string): Token | undefined;
  url(source: string): Token | undefined;
  del(source: string, masked: string, before: string): Token | undefined;
}
export class Renderer {
  parser: Parser;
  code(token: Token): string;
  heading(token: Token): string;
  del(token: Token): string;
  list(token: Token): string;
  listitem(token: Token): string;
  checkbox(token: Token): string;
  table(token: Token): string;
  tablecell(token: Token): string;
}
export class Marked {
  constructor(options?: Options);
  defaults: Options;
  use(options: object): this;
}
