/** A number for people: `−1,234.5`; a dash where there is none. */
export function formatNumber(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined) return '–';
  return value
    .toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace(/^-(?=[0.,]*$)/, '') // −0.00 is 0.00
    .replace('-', '−');
}

/** `0`, `1k`, `150k` */
export function formatThousands(decisions: number): string {
  return decisions === 0 ? '0' : `${formatNumber(decisions / 1000, decisions % 1000 === 0 ? 0 : 1)}k`;
}
