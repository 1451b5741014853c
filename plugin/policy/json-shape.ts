/** Returns what a value must be if it is invalid, to complete "must be …"; undefined if it is valid. */
export type Rule = (value: unknown) => string | undefined;

/** The shape of an object in a file: a rule for a value, an object of named shapes, or a list of one. Other entries are allowed. */
export type Shape = Rule | readonly [Shape] | { readonly [name: string]: Shape };

export const text: Rule = (value) => (typeof value === 'string' ? undefined : 'a string');

/** JSON has no NaN, but 1e999 parses as Infinity. */
export function between(low: number, high: number): Rule {
  return (value) =>
    typeof value === 'number' && value >= low && value <= high ? undefined : `a number from ${low} to ${high}`;
}

export function wholeFrom(low: number): Rule {
  return (value) => (Number.isSafeInteger(value) && (value as number) >= low ? undefined : `an integer ≥ ${low}`);
}

export function oneOf(...words: readonly string[]): Rule {
  return (value) => (words.includes(value as string) ? undefined : `"${words.join('" or "')}"`);
}

/** The first value that does not have its shape, such as `"network.hidden.0" is -1 and must be an integer ≥ 1`. */
export function describeFault(value: unknown, shape: Shape): string | undefined {
  const fault = findFault(value, shape);
  return fault && (fault[0] === '.' ? `"${fault.slice(1)}` : `it${fault.slice(1)}`);
}

/** The path to a fault, a dot before each key, and what it is; built while returning, so that valid lists cost nothing. */
function findFault(value: unknown, shape: Shape): string | undefined {
  if (typeof shape === 'function') return complain(value, shape(value));
  const list = Array.isArray(shape);
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== list)
    return complain(value, list ? 'a list' : 'an object');
  const entries = value as Readonly<Record<string, unknown>>;
  if (list) {
    for (let i = 0; i < (value as unknown[]).length; i++) {
      const fault = findFault(entries[i], shape[0]);
      if (fault) return `.${i}${fault}`;
    }
    return undefined;
  }
  for (const [name, inside] of Object.entries(shape)) {
    const fault = findFault(Object.hasOwn(entries, name) ? entries[name] : undefined, inside);
    if (fault) return `.${name}${fault}`;
  }
  return undefined;
}

function complain(value: unknown, must: string | undefined): string | undefined {
  return must && `" is ${show(value)} and must be ${must}`;
}

/** A value in a few characters. */
export function show(value: unknown): string {
  return typeof value === 'number' ? String(value) : String(JSON.stringify(value)).slice(0, 40);
}

/** A list of 500 numbers is fine in a short text. */
const FREE_TOKENS = 500;
/** Bytes of text required per further bracket or comma: a file's header has 7, a list of small numbers 2. */
const BYTES_PER_TOKEN = 6;

/**
 * Parses untrusted JSON; undefined if it is invalid, or would take many times its own length of memory: brackets nested
 * deeper than `depth`, or lists of tiny entries.
 */
export function parseJson(json: string, depth: number): unknown {
  let open = 0;
  let tokens = 0;
  for (let i = 0, quoted = false; i < json.length; i++) {
    const character = json[i];
    if (character === '"') quoted = !quoted;
    else if (quoted) i += character === '\\' ? 1 : 0;
    else if (character === '{' || character === '[') {
      tokens++;
      if (++open > depth) return undefined;
    } else if (character === '}' || character === ']') open--;
    else if (character === ',') tokens++;
  }
  if ((tokens - FREE_TOKENS) * BYTES_PER_TOKEN > json.length) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
