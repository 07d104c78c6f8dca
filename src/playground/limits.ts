/** What Discord allows. One place, so that a check and its test read the same number. */
export const LIMITS = {
  contentChars: 2000,
  embeds: 10,
  embedTotalChars: 6000,
  embedTitleChars: 256,
  embedDescriptionChars: 4096,
  embedFields: 25,
  embedFieldNameChars: 256,
  embedFieldValueChars: 1024,
  embedFooterChars: 2048,
  embedAuthorChars: 256,
  rows: 5,
  buttonsPerRow: 5,
  customIdChars: 100,
  buttonLabelChars: 80,
  selectOptions: 25,
  selectTextChars: 100,
  placeholderChars: 150,
  modalTitleChars: 45,
  modalParts: 5,
  labelChars: 45,
  labelDescriptionChars: 100,
  inputChars: 4000,
  inputPlaceholderChars: 100,
  wordsChars: 4000,
  groupOptions: 10,
  urlChars: 512,
  files: 10,
  fileBytes: 10 * 1024 * 1024,
  requestBytes: 25 * 1024 * 1024,
  altTextChars: 1024,
  nonceChars: 25,
  mentions: 100,
  historyMessages: 100,
  commandNameChars: 32,
  commandDescriptionChars: 100,
  commandOptions: 25,
  commandChoices: 25,
  choiceNameChars: 100,
  suggestedValueChars: 100,
  optionTextChars: 6000,
  commandTotalChars: 8000,
  commandsPerScope: 100,
  commandCreatesPerDay: 200,
  gatewayPayloadBytes: 4096,
  gatewaySendsPerMinute: 120,
} as const;

export const FIRST_ANSWER_MS = 3_000;
export const TOKEN_LIFE_MS = 15 * 60_000;
/** Discord says "the past few minutes" and no more. */
export const NONCE_MEMORY_MS = 5 * 60_000;

/** Messages older than this may only be edited so many times a channel and window; Discord publishes no number, this is what was observed. */
export const OLD_MESSAGE = { ageMs: 60 * 60_000, edits: 3, windowMs: 20_000 } as const;
