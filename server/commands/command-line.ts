import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** A command line that cannot be meant. */
export class UsageError extends Error {}

type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; strict: true }>
>['values'];

/** What a command takes, and what it does then. */
interface Spec<Options extends ParseArgsOptionsConfig> {
  /** How it is called and what it does, a line or more. */
  usage: string;
  /** How many words other than options it takes; none unless said. */
  operands?: { least: number; most: number };
  options?: Options;
  /** Does it. Answers false when it was done, but not all went well; throws UsageError before anything is done. */
  run(operands: string[], values: Values<Options>): Promise<unknown>;
}

/** A command that can be read off a command line. */
export interface Command {
  usage: string;
  /** What the words after its name ask for, not yet begun. Throws UsageError for what cannot be meant. */
  read(args: readonly string[]): () => Promise<unknown>;
}

/** Makes a command of what it takes and does. */
export function command<const Options extends ParseArgsOptionsConfig = Record<never, never>>({
  usage,
  operands: { least, most } = { least: 0, most: 0 },
  options = {} as Options,
  run,
}: Spec<Options>): Command {
  return {
    usage,
    read(args) {
      const { values, positionals } = parsed(args, options);
      if (positionals.length < least) throw new UsageError('something is missing');
      if (positionals.length > most) throw new UsageError(`what is ${positionals[most]} to mean?`);
      return () => run(positionals, values);
    },
  };
}

/** Whether help is asked for, which is then all that is done. After `--` stand names, whatever they are. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some((word) => /^(--help|-h|help)$/.test(word));
}

function parsed<Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
