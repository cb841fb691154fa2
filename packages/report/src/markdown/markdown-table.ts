/** A table in GitHub's Markdown. @param rightFrom - columns from this one on hold numbers and stand to the right */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[], rightFrom = 1): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  const rule = `|${titles.map((_, index) => (index < rightFrom ? '---' : '---:')).join('|')}|`;
  return [line(titles), rule, ...rows.map(line)].join('\n');
}
