import { type Static, Type } from 'typebox';
import { MOST_LIGHT } from '../heat/light.ts';

/** How a share is drawn, in the words of its page's address. What is left out is as it is by itself. */
export const SHARE_LOOK = Type.Object(
  {
    color: Type.Optional(Type.String({ maxLength: 40, description: 'a palette by name' })),
    gradient: Type.Optional(Type.String({ maxLength: 2000, description: 'a palette of your own' })),
    light: Type.Optional(
      Type.Number({
        minimum: -MOST_LIGHT,
        maximum: MOST_LIGHT,
        description:
          'stops more than automatic, on its page and preview: each halves the visits drawn hottest',
      }),
    ),
    opacity: Type.Optional(
      Type.Number({ minimum: 0.1, maximum: 1, description: 'of the heat, on its page' }),
    ),
    by: Type.Optional(
      Type.Literal('sport', {
        description:
          'each group of sports in colours of its own, on its page and preview: tiles then heed `sport`',
      }),
    ),
  },
  { additionalProperties: false },
);

export type ShareLook = Static<typeof SHARE_LOOK>;
