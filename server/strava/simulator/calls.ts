/** A request that came in. */
export interface Call {
  /** Unix milliseconds by the simulator's clock: when it came. */
  at: number;
  /** `METHOD /path`, without `/api/v3`. */
  name: string;
  /** What was asked for beside the path; nothing that opens anything. */
  query: Readonly<Record<string, string>>;
  athleteId: number | null;
  /** 0 while it has no answer. */
  status: number;
  cost: 'read' | 'overall' | 'none';
}

/** Every request in the order they came: what tests and benches count. */
export class Calls {
  readonly all: Call[] = [];

  /** Those whose name matches. */
  matching(name: RegExp): Call[] {
    return this.all.filter((call) => name.test(call.name));
  }

  /** How many of them. */
  count(name: RegExp = /./): number {
    return this.matching(name).length;
  }

  /** How many were answered so. */
  answered(status: number): number {
    return this.all.filter((call) => call.status === status).length;
  }

  clear(): void {
    this.all.length = 0;
  }
}
