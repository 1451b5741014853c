import { join } from 'node:path';
import { renderMermaidSVG } from 'beautiful-mermaid';
import type { CommentDisplayPart, DocumentReflection, TypeDocOptions } from 'typedoc';

const ROOT = join(import.meta.dirname, '..', '..');

/** The documents by group, in the order of the site's navigation; README.md is its first page. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Guides: ['docs/guides/*.md'],
  'Read on': ['docs/*.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  'Demo scenes': ['demo-scenes/*/README.md'],
  Decisions: ['docs/decisions/*.md'],
  Measurements: ['docs/measurements/*.md', 'bench/tasks/*.md'],
};

export const DOCUMENTS = Object.values(GROUPS).flatMap((files) => files.map((file) => join(ROOT, file)));

/** Stands for the gallery's page in links, until the depth of the page with the link is known. */
export const GALLERY = 'https://gallery.invalid/';

/** How the site looks. Links are relative, so any folder of a server will do. */
export const LOOKS: TypeDocOptions = {
  name: 'babylon-agents',
  navigation: { includeGroups: true },
  navigationLinks: { 'Demo scenes': GALLERY },
  groupOrder: ['Modules', ...Object.keys(GROUPS), '*'],
  searchInDocuments: true,
  searchInComments: true,
  searchGroupBoosts: { Guides: 2 },
  visibilityFilters: {},
  customCss: join(import.meta.dirname, 'site.css'),
  highlightLanguages: ['ts', 'tsx', 'js', 'json', 'sh', 'bash', 'html', 'python', 'csharp', 'yaml'],
  hideGenerator: true,
  useFirstParagraphOfCommentAsSummary: true,
};

/** Gives a document the title that it begins with and its group, and draws its diagrams. */
export function arrangeDocument(document: DocumentReflection): void {
  const text = document.content.map((part) => part.text).join('');
  document.name = /^# (.+)$/m.exec(text)?.[1].replaceAll('`', '') ?? document.name;
  document.frontmatter.group = groupOf(document);
  document.content = document.content.map(drawDiagram);
}

function groupOf(document: DocumentReflection): string {
  const path = document.project.files.getReflectionPath(document)?.slice(ROOT.length + 1) ?? '';
  const matches = (glob: string) => new RegExp(`^${glob.replaceAll('*', '[^/]+')}$`).test(path);
  return Object.keys(GROUPS).find((group) => GROUPS[group].some(matches)) ?? 'Read on';
}

/** A picture in place of Mermaid's source, in the page's own colors. */
function drawDiagram(part: CommentDisplayPart): CommentDisplayPart {
  const source = /^```mermaid\n([\s\S]*)```$/.exec(part.text)?.[1];
  if (source === undefined) return part;
  const svg = renderMermaidSVG(source.replaceAll('<br/>', ' – '), {
    bg: 'var(--color-background)',
    fg: 'var(--color-text)',
    font: 'inherit',
    transparent: true,
  });
  return {
    kind: 'text',
    text: `<figure class="diagram">${svg.replace(/@import [^;]*;/, '').replaceAll(/\n\s*\n/g, '\n')}</figure>`,
  };
}
