package org.larder.prove.load;

/**
 * How much is written.
 *
 * @param writers that write at the same time
 * @param itemsPerSecond of all of them together
 * @param seed of everything that is left to chance
 */
public record LoadPlan(int writers, int itemsPerSecond, long seed) {}
