/** The state of the stand-in page, for environments that ask for one. */
const page: { missed: string; place: string | undefined; stoodIn: boolean } = {
  missed: '',
  place: undefined,
  stoodIn: false,
};

export function isPageStoodIn(): boolean {
  return page.stoodIn;
}

export function standInForPage(stoodIn: boolean): void {
  page.stoodIn = stoodIn;
}

/** Records the last missing thing that was accessed, such as `document.cookie`, and where in the user's source, if known. */
export function missInPage(name: string, place: string | undefined): void {
  page.missed = name;
  page.place = place;
}

/** The missing thing behind an error with this text, if any: the text names it, or the error is on the same line. */
export function missedBefore(text: string, place: string | undefined): string | undefined {
  const { missed } = page;
  if (missed !== '' && text.startsWith(`${missed} is not a `)) return missed;
  return place !== undefined && page.place !== undefined && lineOf(place) === lineOf(page.place) ? missed : undefined;
}

/** `src/game.ts:41:11` without the column. */
function lineOf(place: string): string {
  return place.replace(/:\d+$/, '');
}
