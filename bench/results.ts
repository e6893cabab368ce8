/** bench/RESULTS.md: a section for each suite, so that one can be renewed without the hour that all of them take. */

export interface Section {
  suite: string;
  /** Markdown below the suite's heading. */
  section: string;
  /** Of all suites there are: what belongs to none of them is left out. */
  order: readonly string[];
}

const HEADING = /^## (?=\S+$)/m;

/** The document with one suite's section replaced, or added; in the suites' order. */
export function renewed(document: string, { suite, section, order }: Section): string {
  const [head, ...rest] = document.split(HEADING);
  const sections = new Map(rest.map((text) => split(text)));
  sections.set(suite, section);
  const known = order.filter((name) => sections.has(name));
  const parts = known.map((name) => `## ${name}\n\n${sections.get(name)!.trim()}`);
  return `${[head.trim(), ...parts].join('\n\n')}\n`;
}

function split(text: string): [suite: string, section: string] {
  const end = text.indexOf('\n');
  return [text.slice(0, end), text.slice(end)];
}
