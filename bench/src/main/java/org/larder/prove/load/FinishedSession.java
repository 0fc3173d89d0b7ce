package org.larder.prove.load;

/**
 * A session of which everything is acknowledged and to which its writer will not come back.
 *
 * @param session its number
 * @param first the first task of one of its blocks
 * @param count tasks of that block
 * @param version the newest of that block
 */
record FinishedSession(long session, long first, int count, int version) {}
