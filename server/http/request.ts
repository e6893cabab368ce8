import 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request this is: set by `requireAthlete`, empty before. */
    athleteId: string;
  }
}
