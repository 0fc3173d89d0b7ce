package org.larder.tck;

import org.junit.jupiter.api.extension.ExtendWith;
import org.larder.tck.report.ReportExtension;

/**
 * The whole kit, which ends in a report in {@code target/tck}. A backend's test extends it, says
 * how its store is opened and closed, and thereby inherits every test of the contract. What the
 * backend declares in its descriptor decides what is expected: a capability that is not declared is
 * tested to be refused, never left out.
 *
 * <p>A large store may need minutes; there is no time limit but the reader's patience.
 */
@ExtendWith(ReportExtension.class)
public abstract class BackendContract extends OneStore
    implements PositionContract,
        StoreContract,
        MergeContract,
        ValueContract,
        ScanContract,
        FilterContract,
        PageContract,
        AggregateContract,
        SchemaContract,
        ConcurrencyContract,
        CapabilityContract,
        IdempotencyContract,
        LimitsContract,
        LifecycleContract,
        FailureContract,
        CrashContract,
        BundleContract {}
