/*
 * What the driver and the program of a client say to each other. A program first prints who it is (`Self`), then reads
 * tasks from standard input and prints an `Answer` to each before it reads the next, one line of JSON each.
 */

/** One request of an AWS client. */
export interface AwsTask {
  readonly id: string;
  /** Of an emulator that stands there for this task alone. */
  readonly endpoint: string;
  /** `CreateToken` and its like. */
  readonly operation: string;
  /** The members of the request, named as on the wire. */
  readonly request: Readonly<Record<string, unknown>>;
  /** What the request is to be signed with, where the operation is signed. */
  readonly credentials?: Readonly<Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>>;
}

/** One grant of a standard client, which begins with what comes before it: authorization, or the device. */
export interface OAuthTask {
  readonly id: string;
  readonly issuer: string;
  readonly endpoints: Readonly<Record<'authorization' | 'token' | 'device_authorization', string>>;
  readonly clientId: string;
  /** For `client_secret_basic`; absent where the client is public. */
  readonly clientSecret?: string;
  readonly redirectUri: string;
  /** The grant type. */
  readonly grant: string;
  /** What the grant presents where it comes from elsewhere: a refresh token, an assertion. */
  readonly request: Readonly<Record<string, string>>;
}

export type Task = AwsTask | OAuthTask;

/** Which client a program is. */
export interface Self {
  readonly client: string;
  readonly version: string;
}

/** What became of a task. */
export interface Answer {
  readonly id: string;
  /** `granted` when what was asked for came back, the error by its own type or name, or what was there in its place. */
  readonly seen: string;
  /** The client's words. */
  readonly said?: string;
}
