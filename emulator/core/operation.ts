/** What can be asked of the service, in the words of the standards. A front names and places each of them. */
export type Operation = 'token' | 'iam_token' | 'device_authorization' | 'register';
