import { didYouMean } from '../core/did-you-mean.ts';

/** A key of a keyboard, as its events name it. */
export interface Key {
  /** which one it is, whatever is printed on it: `KeyW` */
  readonly code: string;
  /** what it writes, or its name: `w` */
  readonly key: string;
  /** the number that older games ask for */
  readonly keyCode: number;
}

/** The key of a `KeyboardEvent.code`; undefined if there is none. */
export function findKey(code: string): Key | undefined {
  const known = KNOWN.get(code);
  return known && { code, key: known[0], keyCode: known[1] };
}

/** ` Did you mean "KeyW"?` for what is no code, such as `w` or `Up`; '' if no code is like it. */
export function meantKey(code: unknown): string {
  if (typeof code !== 'string') return '';
  const wanted = code.toLowerCase();
  const keys = [...KNOWN];
  const same =
    keys.find(([, [key]]) => key.toLowerCase() === wanted) ??
    keys.find(([name]) => name.toLowerCase().endsWith(wanted));
  return same ? ` Did you mean "${same[0]}"?` : didYouMean(code, KNOWN.keys());
}

/** What keys write, and their numbers, by their codes; as on a keyboard of the United States. */
const KNOWN: ReadonlyMap<string, readonly [key: string, keyCode: number]> = new Map([
  ...range(26, (i) => [`Key${String.fromCharCode(65 + i)}`, [String.fromCharCode(97 + i), 65 + i]]),
  ...range(10, (i) => [`Digit${i}`, [`${i}`, 48 + i]]),
  ...range(10, (i) => [`Numpad${i}`, [`${i}`, 96 + i]]),
  ...range(12, (i) => [`F${i + 1}`, [`F${i + 1}`, 112 + i]]),
  ...named('ArrowLeft 37 ArrowUp 38 ArrowRight 39 ArrowDown 40 Insert 45 Delete 46'),
  ...named('Backspace 8 Tab 9 Enter 13 Escape 27 PageUp 33 PageDown 34 End 35 Home 36'),
  ...named('ShiftLeft 16 ShiftRight 16 ControlLeft 17 ControlRight 17 AltLeft 18 AltRight 18'),
  ...named('Semicolon;186 Equal=187 Comma,188 Minus-189 Period.190 Slash/191 Backquote`192'),
  ...named("BracketLeft[219 Backslash\\220 BracketRight]221 Quote'222"),
  ...named('NumpadMultiply*106 NumpadAdd+107 NumpadSubtract-109 NumpadDecimal.110 NumpadDivide/111'),
  ['Space', [' ', 32]],
  ['NumpadEnter', ['Enter', 13]],
]);

type Entry = readonly [code: string, key: readonly [key: string, keyCode: number]];

function range(count: number, entry: (i: number) => Entry): Entry[] {
  return Array.from({ length: count }, (_, i) => entry(i));
}

/** `Enter 13` writes nothing, and its key is its name without its side; `Comma,188` writes a comma. */
function named(text: string): Entry[] {
  return [...text.matchAll(/([A-Z][A-Za-z]+)(.)(\d+)/g)].map(([, code, key, keyCode]) => [
    code,
    [key === ' ' ? code.replace(/(?<!^Arrow)(Left|Right)$/, '') : key, Number(keyCode)],
  ]);
}
