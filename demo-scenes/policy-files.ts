import { requireElement } from './elements.ts';

/** Calls `open` with every file that is dropped on the page or chosen with the button. */
export function acceptPolicyFiles(open: (file: File) => void): void {
  acceptDrops(open);
  const input = requireElement('file', HTMLInputElement);
  requireElement('open', HTMLButtonElement).addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    input.value = ''; // the same file may be chosen again
    if (file) open(file);
  });
}

function acceptDrops(open: (file: File) => void): void {
  const hint = requireElement('drop', HTMLElement);
  addEventListener('dragover', (event) => {
    event.preventDefault();
    hint.hidden = false;
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) hint.hidden = true; // it left the window, not just one element
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    hint.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file) open(file);
  });
}
