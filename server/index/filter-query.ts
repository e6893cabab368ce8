import { Type } from 'typebox';

/** What a filter is read from by `parseFilter`, as queries are described. */
export const FILTER_QUERY = {
  sport: Type.Optional(Type.String({ maxLength: 2000, description: 'Strava sport types, joined by commas' })),
  from: Type.Optional(Type.String({ maxLength: 10, description: 'first UTC day, such as 2024-01-31' })),
  to: Type.Optional(Type.String({ maxLength: 10, description: 'last UTC day' })),
  commute: Type.Optional(Type.String({ maxLength: 5, description: 'true: only commutes; false: none' })),
  virtual: Type.Optional(Type.String({ maxLength: 5, description: 'true: virtual rides and runs too' })),
};
