package org.larder.journal;

/**
 * Figures of a journal at one moment; totals count from its opening.
 *
 * @param diskBytes size of all segment files, the prepared one included
 * @param liveBytes bytes of synced frames that are still kept, with their headers
 * @param maxBytes the bound
 * @param segments segments that hold frames
 * @param appendedFrames frames synced
 * @param appendedItems items synced
 * @param appendedBytes payload bytes synced
 * @param groups groups forced
 * @param forceNanosTotal time spent in forces
 * @param forceNanosMean moving mean of a force
 * @param forceNanosMax longest force
 * @param failedForces groups that could not be written or forced
 * @param waitingAppends appends that are neither synced nor failed
 */
public record JournalStats(
    long diskBytes,
    long liveBytes,
    long maxBytes,
    int segments,
    long appendedFrames,
    long appendedItems,
    long appendedBytes,
    long groups,
    long forceNanosTotal,
    long forceNanosMean,
    long forceNanosMax,
    long failedForces,
    long waitingAppends) {}
