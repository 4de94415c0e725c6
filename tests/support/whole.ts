/** Whether everything is tried (`npm run whole`), as CI does; `npm test` takes a part of the largest collections. */
export const isWhole: boolean = process.env.MODE === 'whole';

/** One of three rows of a collection that is so large that all of it takes longer than the other tests. */
export const isTried = (_: unknown, at: number): boolean => isWhole || at % 3 === 0;
