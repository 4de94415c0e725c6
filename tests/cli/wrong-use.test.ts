import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { profileNames } from '../../specs/read.ts';
import { cli, cliProcess, folderForThisFile } from './support.ts';

const folder = folderForThisFile();
const base = 'name: staging\nendpoint: http://127.0.0.1:1\n';
const target = folder.write('target.yaml', base);
const unknownKey = folder.write('unknown-key.yaml', `${base}timeoutSecs: 5\n`);
const unset = folder.write('unset.yaml', `${base}region: "\${TOKEN_CONFORMANCE_UNSET}"\n`);
const profile = folder.write('profile.yaml', `${base}profile: aws-create-tokens\n`);
const throwing = folder.write('throwing.yaml', `${base}fixtures: ./throwing.ts\n`);
folder.write('throwing.ts', 'throw new Error("the database is down");\n');
const noModule = folder.write('no-module.yaml', `${base}fixtures: ./missing.ts\n`);
const halfEndpoint = folder.write(
  'half.yaml',
  'name: staging\nendpoint: { CreateToken: "http://127.0.0.1:1/token" }\n',
);
folder.write('in-the-way', 'a file');
const report = folder.file('report');
const help = '(--help shows what there is)';
const all = '"token-conformance list" shows them all.';

/** The command line, and what a person reads of it on standard error. */
const wrong: readonly (readonly [what: string, args: readonly string[], message: string])[] = [
  ['an unknown option', ['run', '--nope'], `error: unknown option '--nope'\n${help}`],
  [
    'an unknown command',
    ['certify'],
    'There is no command "certify". Did you mean "verify"? Known: run, init, serve, defects, misbehaviours, list, explain, report, verify, merge, compare, diff, baseline, help.',
  ],
  [
    'a misspelt command',
    ['lst', '--json'],
    'There is no command "lst". Did you mean "list"? Known: run, init, serve, defects, misbehaviours, list, explain, report, verify, merge, compare, diff, baseline, help.',
  ],
  [
    'an unknown defect',
    ['serve', '--defect', 'code-reusabel'],
    'There is no defect "code-reusabel". Did you mean "code-reusable"? `token-conformance defects` lists them.',
  ],
  [
    'a defect of the emulator in front of another endpoint',
    ['serve', '--defect', 'code-reusable', '--upstream', 'http://127.0.0.1:1'],
    'The defect code-reusable lives inside the reference emulator and cannot stand in front of another endpoint. `token-conformance defects --any-endpoint` lists those that can.',
  ],
  [
    'an upstream without a defect',
    ['serve', '--upstream', 'http://127.0.0.1:1'],
    '--upstream needs --defect NAME. `token-conformance defects` lists them.',
  ],
  [
    'an unknown misbehaviour',
    ['serve', '--misbehave', 'says-nothin'],
    'There is no misbehaviour "says-nothin". Did you mean "says-nothing"? `token-conformance misbehaviours` lists them.',
  ],
  [
    'a misbehaviour with a defect',
    ['serve', '--misbehave', 'says-nothing', '--defect', 'code-reusable'],
    '--misbehave goes with neither --defect nor --upstream: choose one of them.',
  ],
  [
    'an upstream that is no URL',
    ['serve', '--upstream', 'localhost:9400', '--defect', 'success-as-201'],
    '--upstream localhost:9400 is no http or https URL.',
  ],
  [
    'an argument too many',
    ['list', 'refresh_token'],
    `error: too many arguments for 'list'. Expected 0 arguments but got 1: refresh_token.\n${help}`,
  ],
  [
    'an unknown case',
    ['run', '--case', 'authorization-code/redemed'],
    `No case matches "authorization-code/redemed". Did you mean "authorization-code/redeemed"? ${all}`,
  ],
  ['a pattern of cases that matches none', ['list', '--case', 'saml/*'], `No case matches "saml/*". ${all}`],
  [
    'one unknown case among known ones',
    ['list', '--case', 'wire/*', '--case', 'refresh-token/rotate'],
    `No case matches "refresh-token/rotate". Did you mean "refresh-token/rotates"? ${all}`,
  ],
  [
    'an unknown grant',
    ['run', '--grant', 'refresh-token'],
    `No grant matches "refresh-token". Did you mean "refresh_token"? ${all}`,
  ],
  [
    'an unknown requirement',
    ['run', '--requirement', 'RFC6749-4.1.2-code-single-us'],
    `No requirement matches "RFC6749-4.1.2-code-single-us". Did you mean "RFC6749-4.1.2-code-single-use"? ${all}`,
  ],
  [
    'an unknown id to explain',
    ['explain', 'refresh-token/rotate'],
    `There is no requirement or case "refresh-token/rotate". Did you mean "refresh-token/rotates"? ${all}`,
  ],
  ['nonsense to explain', ['explain', '%%%'], `There is no requirement or case "%%%". ${all}`],
  [
    'a target file that is not there',
    ['run', '--target', folder.file('missing.yaml')],
    'The target file FOLDER/missing.yaml cannot be read: there is no such file',
  ],
  [
    'a limit on an unknown part of a fixture',
    [
      'list',
      '--target',
      folder.write(
        'unknown-part.yaml',
        'name: part\nendpoint: http://127.0.0.1:1\nlimits: [{ fixture: device-decision, without: denny, reason: no }]\n',
      ),
    ],
    'part: a limit names the unknown part of device-decision "denny". Did you mean "deny"? Known: deny',
  ],
  [
    'an unknown key in the target file',
    ['run', '--target', unknownKey],
    'FOLDER/unknown-key.yaml:3:1: the file has an unknown key "timeoutSecs". Did you mean "timeoutSeconds"?',
  ],
  [
    'an unset variable in the target file',
    ['list', '--target', unset],
    'FOLDER/unset.yaml:3:9: the environment variable TOKEN_CONFORMANCE_UNSET is not set. Set it, or write the value here.',
  ],
  [
    'an unknown profile',
    ['run', '--target', profile],
    `There is no profile "aws-create-tokens". Did you mean "aws-create-token"? Known: ${profileNames('aws-json').join(', ')}`,
  ],
  [
    'a fixture module that throws',
    ['run', '--target', throwing],
    'The fixture module FOLDER/throwing.ts cannot be loaded: the database is down',
  ],
  [
    'a fixture module that is not there',
    ['run', '--target', noModule],
    'The fixture module FOLDER/missing.ts cannot be loaded: there is no such file, or it imports one that is missing',
  ],
  [
    'an operation without endpoint',
    ['run', '--target', halfEndpoint],
    'staging: the target file gives no endpoint for RegisterClient',
  ],
  [
    'a target file together with an endpoint',
    ['run', '--target', target, '--endpoint', 'http://127.0.0.1:1'],
    '--target and --endpoint exclude each other: put the endpoint into the target file.',
  ],
  [
    'an endpoint that is no URL',
    ['run', '--endpoint', 'localhost:8080'],
    '"localhost:8080" is not an http or https URL. Give the base URL, such as https://oidc.us-east-1.amazonaws.com',
  ],
  [
    'a seed that is no number',
    ['run', '--seed', 'abc'],
    `error: option '--seed <number>' argument 'abc' is invalid. It must be a whole number, 0 or more.\n${help}`,
  ],
  ['a port beyond all ports', ['serve', '--port', '99999'], '99999 is no port: ports go up to 65535.'],
  [
    'a port that is no number',
    ['serve', '--port', 'http'],
    `error: option '-p, --port <number>' argument 'http' is invalid. It must be a whole number, 0 or more.\n${help}`,
  ],
];

test.concurrent.for(wrong)('%s', async ([, args, message], { expect }) => {
  const [command = '', ...rest] = args;
  const { code, out, err } = await cli(command === 'run' ? ['run', '--out', report, ...rest] : args);
  expect({ code, out, err: err.replaceAll(folder.path, 'FOLDER') }).toEqual({
    code: 3,
    out: '',
    err: `${message}\n`,
  });
});

test.each([
  ['an option', ['list', '--nope'], /^error: unknown option '--nope'\n/],
  ['a command', ['lst'], /^There is no command "lst"\. .*\n$/],
])(
  '%s that there is not ends a process with code 3 and words on standard error alone',
  async (_, args, message) => {
    const { code, out, err } = await cliProcess(args);
    expect({ code, out, err }).toEqual({ code: 3, out: '', err: expect.stringMatching(message) });
  },
);

test.for([
  ['a file', 'in-the-way', "EEXIST: file already exists, mkdir 'FOLDER/in-the-way'"],
  ['below a file', 'in-the-way/report', "ENOTDIR: not a directory, mkdir 'FOLDER/in-the-way/report'"],
] as const)('a report folder that is %s is refused before anything is sent', async ([, name, why]) => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, out, err } = await cli(['run', '--endpoint', endpoint, '--out', folder.file(name)]);
  server.close();
  expect({ code, out, err: err.replaceAll(folder.path, 'FOLDER'), asked }).toEqual({
    code: 3,
    out: '',
    err: `The report cannot be written to FOLDER/${name} (${why}). Choose another folder with --out.\n`,
    asked: 0,
  });
});
