import { createServer } from 'node:http';

/**
 * A complete fixture service for an emulator, in plain Node. `emulator` stands for yours: one function for each verb
 * that it offers, which takes the input and returns the output. What it does not have is answered with 404, and the
 * cases that need it come out as not tested until the target file declares a limit with a reason.
 *
 * @param {Record<string, (input: object) => object | Promise<object>>} emulator
 */
export function fixtureService(emulator) {
  const verbs = {
    client: emulator.createClient,
    'authorization-code': emulator.issueCode,
    'device-decision': emulator.decide,
    'refresh-token': emulator.issueRefreshToken,
    assertion: emulator.writeAssertion,
    'subject-token': emulator.issueSubjectToken,
    credentials: emulator.createCredentials,
    expire: emulator.expire,
    fault: emulator.failNext,
    clock: emulator.advanceClock,
  };
  return createServer(async (request, response) => {
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const verb = /^\/_fixtures\/([a-z-]+)$/.exec(request.url ?? '')?.[1] ?? '';
    const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (act === undefined) return answer(404, { message: `there is no fixture "${verb}"` });
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      answer(200, (await act(JSON.parse(Buffer.concat(chunks).toString('utf8')))) ?? {});
    } catch (error) {
      // This one request is refused: an unknown client, say.
      answer(400, { message: error.message });
    }
  });
}
