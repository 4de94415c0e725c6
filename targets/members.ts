/** Members of a request in the standards' names: `undefined` leaves one out, `null` sends null. */
export type Members = Readonly<Record<string, unknown>>;
