import { configureGlobal, readConfigureGlobal } from 'fast-check'

// A mutant that a property kills is killed by one of the first cases; one that survives would cost all of them.
configureGlobal({ ...readConfigureGlobal(), numRuns: 25 })
