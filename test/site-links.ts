import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** Links and pictures of a static site that lead nowhere: to no file, or to no heading of it. `beyond` is what else its server has. */
export function deadLinksOf(folder: string, beyond: readonly string[]): string[] {
  const pages = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.html'))
      .map((file) => [join(folder, file), readFileSync(join(folder, file), 'utf8')]),
  );
  const ids = new Map([...pages].map(([page, html]) => [page, new Set(attributes(html, 'id'))]));
  return [...pages].flatMap(([page, html]) =>
    [...attributes(html, 'href'), ...attributes(html, 'src')]
      .filter((link) => !/^(https?|data):/.test(link))
      .filter((link) => {
        const [path, heading] = link.replaceAll('&amp;', '&').split('#').map(decodeURIComponent);
        const target = path === '' ? page : normalize(join(dirname(page), path.split('?')[0]));
        if (beyond.includes(relative(folder, target))) return false;
        return !existsSync(target) || (!!heading && ids.get(target)?.has(heading) === false);
      })
      .map((link) => `${relative(folder, page)} → ${link}`),
  );
}

function attributes(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(`<[a-z][^>]*?\\s${name}="([^"]*)"`, 'g'))].map(([, value]) => value);
}
