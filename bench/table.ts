/** A table of results: what a suite returns, what the terminal and RESULTS.md show. */
export interface Table {
  title: string;
  /** What was measured, against what, and how to read it: one or two sentences. */
  note: string;
  columns: string[];
  rows: (string | number)[][];
}

/** Three significant digits, so that noise does not look like precision. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

/** GitHub-flavoured Markdown of one table. */
export function markdown({ title, note, columns, rows }: Table): string {
  const line = (cells: (string | number)[]) =>
    `| ${cells.map((cell) => (typeof cell === 'number' ? figure(cell) : cell)).join(' | ')} |`;
  return [
    `### ${title}`,
    '',
    note,
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n');
}
