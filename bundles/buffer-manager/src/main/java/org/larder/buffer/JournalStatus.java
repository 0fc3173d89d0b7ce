package org.larder.buffer;

import java.time.Duration;

/**
 * How the journal is, at one moment; totals count from the start of the node.
 *
 * @param liveBytes bytes that are kept for the followers
 * @param maxBytes the bound, above which writes are refused
 * @param segments files that hold frames
 * @param startSequence first sequence kept
 * @param endSequence next sequence
 * @param groups groups forced to the disk
 * @param forceTotal time spent in forces
 * @param forceMax longest force
 * @param failedForces groups that could not be written or forced
 */
public record JournalStatus(
    long liveBytes,
    long maxBytes,
    int segments,
    long startSequence,
    long endSequence,
    long groups,
    Duration forceTotal,
    Duration forceMax,
    long failedForces) {}
