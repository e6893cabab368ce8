/**
 * fast-check, with one seed for all: what held yesterday is tried on the same values today, so that a change that fails
 * is known to be why. `FAST_CHECK_SEED` names another: a search for what never was tried.
 */
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_101) });

export default fc;
