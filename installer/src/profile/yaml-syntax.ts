import type { Mistake } from './mistake.ts';
import type { Source } from './source.ts';

interface Saying {
  readonly at: number;
  readonly message: string;
  readonly right: string;
}

/** Turns what the YAML parser stumbled over into what a person did. */
export function syntaxMistake(source: Source, reason: string, position: number): Mistake {
  const saying =
    ofTab(source.text, position) ??
    ofDepth(reason, position) ??
    ofUnclosed(source.text, reason, position) ??
    ofWide(source.text, position) ??
    ofLine(source.text, position) ??
    otherwise(reason, position);
  return source.mistake(saying.at, [], saying.message, saying.right);
}

function ofTab(text: string, position: number): Saying | undefined {
  const before = text.slice(0, lineEnd(text, position));
  const tabs = [...before.matchAll(/(?:^|\n)([ -]*)\t/g)];
  const last = tabs.at(-1);
  if (last === undefined) return undefined;
  const at = last.index + last[0].length - 1;
  return { at, message: 'a tab stands in the indentation', right: 'indent with spaces' };
}

function ofDepth(reason: string, at: number): Saying | undefined {
  if (!reason.includes('maxDepth')) return undefined;
  return { at, message: 'nested deeper than 32 levels', right: 'a profile has at most eight levels' };
}

function ofUnclosed(text: string, reason: string, position: number): Saying | undefined {
  const mark = /(single|double) quoted scalar/.exec(reason)?.[1];
  const isQuote = mark !== undefined || reason === 'deficient indentation';
  const quote = isQuote ? unclosedQuote(text, mark === undefined ? undefined : quotes[mark]) : undefined;
  if (quote !== undefined) return quote;
  const isAtEnd = reason.includes('flow collection');
  return unclosedBracket(isAtEnd ? text : text.slice(0, text.lastIndexOf('\n', position - 1) + 1));
}

const quotes: Readonly<Record<string, string>> = { single: "'", double: '"' };

function unclosedQuote(text: string, mark: string | undefined): Saying | undefined {
  const at = firstOpenQuote(text, mark);
  if (at === undefined) return undefined;
  const message = `the quote ${text[at] ?? ''} is opened here and never closed`;
  return { at, message, right: 'close it in the same line' };
}

function unclosedBracket(text: string): Saying | undefined {
  const open: number[] = [];
  for (const { index, 0: token } of tokens(text)) {
    if (token === '[' || token === '{') open.push(index);
    if (token === ']' || token === '}') open.pop();
  }
  const at = open.at(-1);
  if (at === undefined) return undefined;
  const closer = text[at] === '[' ? ']' : '}';
  return { at, message: `“${text[at] ?? ''}” is opened here and never closed`, right: `close it with ${closer}` };
}

function firstOpenQuote(text: string, mark: string | undefined): number | undefined {
  const open = tokens(text).filter(({ 0: token }) => /^["']/.test(token) && !/^(".*"|'.*')$/s.test(token));
  return open.find(({ 0: token }) => mark === undefined || token.startsWith(mark))?.index;
}

/** Brackets, quoted texts (closed or not, within their line) and comments; a rough reading for the sake of messages. */
function tokens(text: string): readonly RegExpExecArray[] {
  const pattern = /(?<=^|\s)#[^\n]*|(?<=^|[\s[{,:])("(?:\\.|[^"\\\n])*"?|'(?:''|[^'\n])*'?)|[[\]{}]/g;
  return [...text.matchAll(pattern)];
}

/** Typed with an input method on; the parser stumbles over it in the same line or in the next. */
function ofWide(text: string, position: number): Saying | undefined {
  const start = text.lastIndexOf('\n', text.lastIndexOf('\n', position - 1) - 1) + 1;
  const lines = text.slice(start, lineEnd(text, position)).replaceAll(/#.*/g, (comment) => ' '.repeat(comment.length));
  const wide = /[：，]/u.exec(lines);
  if (wide === null) return undefined;
  const plain = wide[0] === '：' ? 'a plain colon and a space' : 'a plain comma';
  return { at: start + wide.index, message: `the wide character ${wide[0]} stands here`, right: `type ${plain}` };
}

function ofLine(text: string, position: number): Saying | undefined {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  const line = text.slice(start, lineEnd(text, position));
  const mark = /(?:^|: +|- +)([@`%])/.exec(line);
  if (mark?.[1] !== undefined) {
    const at = start + mark.index + mark[0].length - 1;
    return { at, message: `a value cannot begin with ${mark[1]}`, right: 'put the value into quotes' };
  }
  const list = /^[^#"'[{]*: +(- )/.exec(line);
  if (list !== null)
    return {
      at: start + list[0].length - 2,
      message: 'a list cannot begin behind its key',
      right: 'begin it in the next line',
    };
  const colon = /^[^#"'[{]*: +[^#"'[{]*?(: |:$)/.exec(line);
  if (colon === null) return undefined;
  const at = start + colon[0].length - (colon[1]?.length ?? 1);
  return {
    at,
    message: 'there is a second colon in this line',
    right: 'put the value into quotes, or each key into a line of its own',
  };
}

function otherwise(reason: string, at: number): Saying {
  if (/indentation|end of the stream or a document separator/.test(reason))
    return {
      at,
      message: 'this line is indented differently from the ones it belongs to',
      right: 'align it with its neighbours',
    };
  return { at, message: `this is not YAML: ${reason}`, right: 'compare with an example: `novasphere init` writes one' };
}

function lineEnd(text: string, position: number): number {
  const end = text.indexOf('\n', position);
  return end === -1 ? text.length : end;
}
