package org.larder.prove.mischief;

import java.time.Duration;

/**
 * What was done once.
 *
 * @param number from 1 on
 * @param what in words
 * @param took until the database was back
 * @param caughtUp from then on, until it had all that had been acknowledged until then
 */
public record Round(int number, String what, Duration took, Duration caughtUp) {}
