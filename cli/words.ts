/** What a report can be rendered as. */
export const formatNames = [
  'terminal',
  'html',
  'markdown',
  'junit',
  'sarif',
  'allure',
  'badge',
  'github',
  'certificate',
] as const;

export type FormatName = (typeof formatNames)[number];

/** The exit code when the command or the target file is wrong. */
export const wrongUse = 3;

/** The exit code when somebody ended the run: 128 and the number of SIGINT, as a shell has it. */
export const interruptedCode = 130;
