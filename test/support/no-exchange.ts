/** An address where no exchange answers: tests never leave the machine. */
export const NO_EXCHANGE = 'http://127.0.0.1:9';
