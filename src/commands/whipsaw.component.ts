import type { FormAnswer } from './component.ts';
import { startBacktest } from './start-backtest.ts';
import { readWhipsawForm, WHIPSAW } from './whipsaw-form.ts';

/** The form of `/backtest whipsaw:custom` came back: the same as the command with those values. */
export const whipsawAnswer: FormAnswer = {
  kind: 'form-command',
  name: WHIPSAW,
  permission: 'trader',
  firstAnswer: 'public',
  prepare: (_, filled, context) => {
    const asked = readWhipsawForm(filled, context);
    return (desk) => startBacktest(asked, desk);
  },
};
