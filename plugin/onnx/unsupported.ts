/** Why a graph cannot become a policy: what was found, and what to do. importOnnx() adds the file's name. */
export class Unsupported extends Error {
  readonly advice: string;

  constructor(found: string, advice: string) {
    super(found);
    this.advice = advice;
  }
}
