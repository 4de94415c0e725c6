/** Milliseconds, and bytes: what a document may take at most. */
const patience = 5_000;
const largest = 5_120;

/** How documents of clients are fetched (draft-ietf-oauth-client-id-metadata-document). */
export const clientDocuments = {
  /** The text at the URL; undefined where nothing usable came. Redirects are not followed (section 4). */
  'fetch-client-document': async (url: string): Promise<string | undefined> => {
    try {
      const signal = AbortSignal.timeout(patience);
      const response = await fetch(url, {
        redirect: 'error',
        signal,
        headers: { Accept: 'application/json' },
      });
      if (response.status !== 200) return undefined;
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        if (text.length > largest) return undefined;
      }
      return text;
    } catch {
      return undefined;
    }
  },
};
