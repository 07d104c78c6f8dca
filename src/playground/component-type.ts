/** Discord's numbers for what stands under a message or in a modal. */
export const COMPONENT = {
  row: 1,
  button: 2,
  select: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  words: 10,
  label: 18,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const;
