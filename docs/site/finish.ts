import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { GALLERY } from './documents.ts';

/** Files that browsers show as they are. */
const SHOWN = new Set(['.png', '.svg', '.webp', '.gif', '.jpg']);

/**
 * Finishes a site that TypeDoc wrote: source files that documents link to become pages, which servers would send as
 * downloads otherwise (`.ts` is a video to them), and links to the gallery lead to the page above.
 */
export function finishSite(folder: string): void {
  const media = listFiles(join(folder, 'media')).filter((file) => !SHOWN.has(extname(file)));
  for (const file of media) {
    writeFileSync(`${file}.html`, sourcePage(file, folder));
    rmSync(file);
  }
  const sources = new Set(media.map((file) => relative(folder, file)));
  for (const page of listFiles(folder).filter((file) => file.endsWith('.html'))) {
    const up = relative(dirname(page), folder) || '.';
    const html = readFileSync(page, 'utf8')
      .replaceAll(`href="${GALLERY}"`, `href="${up}/../index.html"`)
      .replace(/href="([^"#:]*media\/[^"#]+)/g, (link, target: string) => {
        const file = relative(folder, join(dirname(page), target));
        return sources.has(file) ? `${link}.html` : link;
      });
    writeFileSync(page, html);
  }
}

/** A source file as a page in the site's colors. */
function sourcePage(file: string, folder: string): string {
  const up = relative(dirname(file), folder);
  const name = relative(join(folder, 'media'), file);
  const code = readFileSync(file, 'utf8').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${name}</title>
    <link rel="stylesheet" href="${up}/assets/style.css" />
    <link rel="stylesheet" href="${up}/assets/custom.css" />
    <script>document.documentElement.dataset.theme = localStorage.getItem('tsd-theme') ?? 'os';</script>
  </head>
  <body>
    <main class="source"><p><a href="${up}/index.html">babylon-agents</a></p><h1>${name}</h1><pre><code>${code}</code></pre></main>
  </body>
</html>
`;
}

function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
