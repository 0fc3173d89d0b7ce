package org.larder.tck;

/**
 * What the kit has about writing, and nothing about reading, schemas, limits or bundles: for a
 * backend that can be set to write in another way, beside a {@link BackendContract} for the usual
 * one. It ends in no report and certifies nothing.
 */
public abstract class WritingContract extends OneStore
    implements PositionContract,
        StoreContract,
        MergeContract,
        ConcurrencyContract,
        CapabilityContract,
        IdempotencyContract,
        FailureContract,
        CrashContract {}
