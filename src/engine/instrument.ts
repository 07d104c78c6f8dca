export type Instrument = 'perpetual' | 'spot';
