package org.larder.buffer;

import java.util.Optional;

/**
 * What a replay of dead letters did.
 *
 * @param replayed letters that the backend has now; they are dead no more
 * @param left letters that are still dead, of those that were to be replayed: refused once more, or
 *     behind such a one
 * @param refused the first that was refused once more, with the reason; empty if none was
 */
public record ReplayResult(int replayed, int left, Optional<DeadLetter> refused) {}
