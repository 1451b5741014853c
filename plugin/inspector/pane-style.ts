/** Of the pane, in the colors of the Inspector's theme. It is a string so that it follows the pane into a window of its own. */
export const PANE_STYLE = `
.agents-pane { display: flex; flex: 1; flex-direction: column; min-height: 0; overflow: hidden;
  color: var(--colorNeutralForeground1); font: var(--fontSizeBase200)/1.4 var(--fontFamilyBase); }
.agents-pane ul { margin: 0; padding: 0; list-style: none; }
.agents-list { flex: 0 1 auto; max-height: 30%; min-height: 60px; overflow-y: auto; padding: 0 8px 4px;
  border-bottom: 1px solid var(--colorNeutralStroke2); }
.agents-list h3, .agents-details h3 { margin: 0; font-size: inherit; font-weight: var(--fontWeightSemibold); }
.agents-list li { scroll-margin-top: 26px; }
.agents-list h3 { z-index: 1; display: flex; justify-content: space-between; position: sticky; top: 0; padding: 4px 8px; background: var(--colorNeutralBackground2); }
.agents-pane small { color: var(--colorNeutralForeground3); font-size: inherit; font-weight: var(--fontWeightRegular); }
.agents-list button { display: flex; width: 100%; justify-content: space-between; gap: 8px; padding: 3px 8px; border: 0;
  border-radius: var(--borderRadiusMedium); background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
.agents-list button:hover { background: var(--colorSubtleBackgroundHover); }
.agents-list button[aria-pressed=true] { background: var(--colorSubtleBackgroundSelected); font-weight: var(--fontWeightSemibold); }
.agents-list button:focus-visible { outline: 2px solid var(--colorStrokeFocus2); outline-offset: -2px; }
.agents-list button span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.agents-number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.agents-details { flex: 1 1 0; min-height: 0; overflow-y: auto; padding: 8px 16px 16px; }
.agents-details section { margin-top: 10px; }
.agents-details h3 { display: flex; justify-content: space-between; gap: 8px; }
.agents-details section > h3 { margin-bottom: 3px; }
.agents-facts { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 4px 0 0; }
.agents-past { margin: 10px 0 0; color: var(--colorNeutralForeground3); }
.agents-facts dt { color: var(--colorNeutralForeground3); font-size: var(--fontSizeBase100); line-height: 1.2; }
.agents-facts dd { margin: 0; font-variant-numeric: tabular-nums; }
.agents-values { display: grid; grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); gap: 4px 12px; }
.agents-values .agents-number { display: flex; justify-content: space-between; }
.agents-bar { position: relative; height: 4px; border-radius: 2px; background: var(--colorNeutralBackground6); overflow: hidden; }
.agents-bar::after { content: ''; position: absolute; inset: 0 auto 0 calc(50% - .5px); width: 1px; background: var(--colorNeutralStroke1); }
.agents-bar i { position: absolute; top: 0; bottom: 0; background: var(--colorBrandForeground1); }
.agents-strip { display: flex; height: 36px; background: var(--colorNeutralBackground6); border-radius: 2px; }
.agents-strip span { position: relative; flex: 1 1 0; min-width: 0; }
.agents-strip i { position: absolute; left: 0; right: 0; background: var(--colorBrandForeground1); }
.agents-branch { display: flex; flex-wrap: wrap; gap: 3px; margin-top: 3px; }
.agents-branch li { min-width: 20px; padding: 0 4px; border-radius: var(--borderRadiusSmall); text-align: center;
  background: var(--colorNeutralBackground6); }
.agents-branch li[aria-current=true] { background: var(--colorBrandBackground); color: var(--colorNeutralForegroundOnBrand); }
.agents-branch li[data-forbidden=true] { color: var(--colorNeutralForegroundDisabled); text-decoration: line-through; }
.agents-problem { margin: 8px 0 0; color: var(--colorPaletteRedForeground1); }
.agents-none { margin: 0; padding: 8px 16px; color: var(--colorNeutralForeground3); }
`;
