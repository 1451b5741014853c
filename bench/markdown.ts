import { AgentsError } from '../plugin/core/errors.ts';

/** Rewrites the generated sections of a page, each between its `<!-- generated: name -->` and `<!-- /generated -->`; the rest stays. */
export function fillPage(page: string, sections: Readonly<Record<string, string>>): string {
  let filled = page;
  for (const [name, text] of Object.entries(sections)) {
    const place = new RegExp(`(<!-- generated: ${name} -->\n)[^]*?(<!-- /generated -->)`);
    if (!place.test(filled))
      throw new AgentsError(
        `The page has no section "${name}". Add <!-- generated: ${name} --> and <!-- /generated --> on lines of their own.`,
      );
    filled = filled.replace(place, (_, begin, end) => `${begin}\n${text}\n\n${end}`);
  }
  return filled;
}

/** A table whose first column is words and the others numbers. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}
