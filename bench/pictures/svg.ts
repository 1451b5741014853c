import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const INK = '#1f2328';

/** A part of a picture, with where it stands [px]. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly svg: string;
}

/** Draws a plot as SVG text, without a browser. */
export function drawPlot(options: PlotOptions): string {
  const { document } = parseHTML('<html><body></body></html>');
  const drawn = plot({
    document: document as unknown as Document,
    style: { fontFamily: FONT, fontSize: '12px', color: INK, background: 'transparent', overflow: 'visible' },
    ...options,
  });
  drawn.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return drawn.outerHTML;
}

/** Puts the parts of a picture together, on white: pages are dark as well. */
export function composePicture(width: number, height: number, title: string, parts: readonly Placed[]): string {
  const placed = parts.map(({ x, y, svg }) => `<svg x="${x}" y="${y}" overflow="visible">${svg}</svg>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}" font-family="${FONT.replaceAll('"', "'")}" fill="${INK}">`,
    `<rect width="${width}" height="${height}" rx="6" fill="white"/>`,
    ...placed,
    '</svg>\n',
  ].join('\n');
}

/** A line of text. */
export function drawText(
  text: string,
  {
    size = 12,
    weight = 400,
    color = INK,
  }: { readonly size?: number; readonly weight?: number; readonly color?: string } = {},
): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text y="${size}" font-size="${size}" font-weight="${weight}" fill="${color}">${escaped}</text>`;
}

/** How a line of a plot is drawn. */
export interface Stroke {
  readonly color: string;
  /** px */
  readonly width: number;
  /** px drawn, px left out; none for a whole line */
  readonly dashes?: string | undefined;
}

/** An entry of a legend: a sample of a line beside its name. */
export function drawSample({ color, width, dashes }: Stroke, name: string): string {
  const dashed = dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`;
  const line = `<line x1="0" x2="28" y1="8" y2="8" stroke="${color}" stroke-width="${width}"${dashed}/>`;
  return `${line}<svg x="36" overflow="visible">${drawText(name)}</svg>`;
}
