/**
 * Streams a text into the page at a steady rate, as an answer comes and is shown, and keeps
 * the longest task. markdown.py starts it and reads the figures.
 */
import { createFrames } from '/static/js/components/frames.js';
import { createGrowingText } from '/static/js/components/growing-text.js';
import { renderMarkdown, whenHighlighted } from '/static/js/lib/markdown.js';

const TOKEN_CHARACTERS = 4;
const WORDS = 'The handbook asks for the smallest reversible step first and that is the constraint'.split(' ');

/** Prose of about this length. */
function prose(length) {
  let text = '';
  for (let index = 0; text.length < length; index += 1) {
    const word = WORDS[index % WORDS.length];
    if (index % 17 === 3) text += `**${word}** `;
    else if (index % 23 === 5) text += `\`${word}\` `;
    else if (index % 41 === 7) text += `${word} [1]. `;
    else text += `${word} `;
  }
  return text;
}

function repeat(length, piece) {
  let text = '';
  for (let index = 0; text.length < length; index += 1) text += piece(index);
  return text;
}

const CODE = [
  'def rollback(session, deploy: int) -> bool:', '    """Return whether the step could be taken back."""',
  '    for step in reversed(session.steps(deploy)):', '        if step.kind == "constraint" and step.done < 3.5:',
  '            session.execute(f"ALTER TABLE {step.table}")  # cheap', '    return True', '',
];

export const TEXTS = {
  answer: (length) => repeat(length, (index) => [
    `### Part ${index}\n\n`, `${prose(420)}\n\n`, `- ${prose(60)}\n- ${prose(80)}\n  - ${prose(40)}\n\n`,
    `\`\`\`python\n${CODE.join('\n')}\n\`\`\`\n\n`, '| a | b |\n|---|---|\n| 1 | two |\n| 3 | four |\n\n',
  ][index % 5]),
  code: (length) => `\`\`\`python\n${repeat(length, (index) => `${CODE[index % CODE.length]}\n`)}\`\`\`\n`,
  paragraph: prose,
  list: (length) => repeat(length, (index) => `- ${prose(40 + (index % 5) * 20)}\n`),
  'loose list': (length) => repeat(length, (index) => `${index + 1}. ${prose(60)}\n\n   ${prose(90)}\n\n`),
  table: (length) => `| step | who | note |\n|---|---|---|\n${repeat(length, (index) => `| ${index} | *Ada* | ${prose(40)} |\n`)}`,
  'one item': (length) => `- ${repeat(length, () => `${prose(300)}\n\n  `)}`,
  quote: (length) => repeat(length, () => `> ${prose(200)}\n>\n`),
};

const run = { sent: 0, done: false, longest: 0, tasks: 0 };

new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) {
    run.longest = Math.max(run.longest, duration);
    run.tasks += 1;
  }
}).observe({ type: 'longtask' });

/** Streams `text` at `rate` tokens a second, in pieces every `gap` milliseconds. */
function stream(text, rate, gap) {
  Object.assign(run, { sent: 0, done: false, longest: 0, tasks: 0 });
  const sources = [{ n: 1, title: 'Handbook' }];
  const growing = createGrowingText(document.querySelector('#answer'), () => ({ sources }));
  let known = '';
  const frames = createFrames(() => {
    growing.show(known);
    if (growing.reveal()) frames.request();
  });
  const start = performance.now();
  const timer = setInterval(async () => {
    const due = Math.min(text.length, Math.floor(((performance.now() - start) / 1000) * rate) * TOKEN_CHARACTERS);
    if (due === run.sent) return;
    known += text.slice(run.sent, due);
    run.sent = due;
    frames.request();
    if (run.sent < text.length) return;
    clearInterval(timer);
    frames.flush();
    growing.finish();
    await whenHighlighted();
    setTimeout(() => { run.done = true; }, 200);
  }, gap);
}

/** Milliseconds to render the text whole. */
function whole(text) {
  const start = performance.now();
  document.querySelector('#answer').replaceChildren(renderMarkdown(text));
  return performance.now() - start;
}

window.bench = { TEXTS, run, stream, whole, TOKEN_CHARACTERS };
document.documentElement.dataset.ready = 'true';
