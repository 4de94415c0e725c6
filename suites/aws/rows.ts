import type { Case } from '../../harness/case.ts';

/** Finds the row of a grant by the rest of its id; where AWS's plan words the title in its own way, it says so. */
export const rowsOf =
  (rows: readonly Case[]) =>
  (name: string, title?: string): Case => {
    const row = rows.find(({ id }) => id.slice(id.indexOf('/') + 1) === name);
    if (row === undefined) throw new Error(`No row is called ${name}.`);
    return title === undefined ? row : { ...row, title };
  };
