import { Type } from 'typebox';

/** What a filter of a share is read from by `parseFilter`: all that it shows is public. */
export const PUBLIC_FILTER_QUERY = {
  sport: Type.Optional(Type.String({ maxLength: 2000, description: 'Strava sport types, joined by commas' })),
  from: Type.Optional(Type.String({ maxLength: 10, description: 'first UTC day, such as 2024-01-31' })),
  to: Type.Optional(Type.String({ maxLength: 10, description: 'last UTC day' })),
  commute: Type.Optional(Type.String({ maxLength: 5, description: 'true: only commutes; false: none' })),
  virtual: Type.Optional(Type.String({ maxLength: 5, description: 'true: virtual rides and runs too' })),
};

/** What a filter is read from, as queries are described. */
export const FILTER_QUERY = {
  ...PUBLIC_FILTER_QUERY,
  visibility: Type.Optional(
    Type.String({
      maxLength: 7,
      description: 'public: only what others may see; private: only what they may not',
    }),
  ),
};
