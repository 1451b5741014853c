/** What is known of the page that training stands in for, where an environment asks for one. */
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

/** Keeps what was last asked of it and is not there, such as `document.cookie`, and where in the user's source, if known. */
export function missInPage(name: string, place: string | undefined): void {
  page.missed = name;
  page.place = place;
}

/** What was missed that an error with this text comes of, if it does: it says its name, or is of the same line. */
export function missedBefore(text: string, place: string | undefined): string | undefined {
  const { missed } = page;
  if (missed !== '' && text.startsWith(`${missed} is not a `)) return missed;
  return place !== undefined && page.place !== undefined && lineOf(place) === lineOf(page.place) ? missed : undefined;
}

/** Of `src/game.ts:41:11` all but the column. */
function lineOf(place: string): string {
  return place.replace(/:\d+$/, '');
}
