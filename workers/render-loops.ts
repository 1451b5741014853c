/** What a render loop may call without being part of a game: drawing, and showing how fast. */
const PICTURE = /^(if|function|requestAnimationFrame|render|isReady|resize|getFps|toFixed|toString)$/;
/** What Babylon's own name that asks for frames without being part of a game: gamepads, sounds. */
const BABYLONS = /_checkGamepadsStatus|_updateObservable|minUpdateTime/;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*/g;
/** up to the body of a function */
const HEAD = /^[^{=]*(=>|\{)/;
const SHOWN_TEXT = /\.(innerHTML|innerText|textContent)\s*\+?=/g;
const ASSIGNMENT = /(?<![=!<>])=(?![=>])|\+\+|--/;
const CALL = /([\w$]+)\s*\(/g;

/** Whether a function of a render loop does more than draw scenes, judging by its source text. */
export function playsPart(loop: () => void): boolean {
  const text = Function.prototype.toString.call(loop);
  if (text.includes('[native code]') || BABYLONS.test(text)) return false;
  const body = text.replace(COMMENT, '').replace(HEAD, '').replace(SHOWN_TEXT, '');
  return ASSIGNMENT.test(body) || [...body.matchAll(CALL)].some(([, name]) => !PICTURE.test(name));
}
