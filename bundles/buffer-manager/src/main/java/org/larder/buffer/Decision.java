package org.larder.buffer;

import org.larder.storage.model.InvalidRowException;

/**
 * What a domain makes of the records as they are: reads, then writes or refuses. It may be called
 * several times until it is final, each time with a draft of its own, and the last call alone
 * counts; so it changes nothing but its draft. It runs while it is guarded: it neither waits for
 * anything nor writes in another way than through its draft.
 *
 * <p>What it throws goes to the caller of {@link Intake#decide}, and nothing is written: that is
 * how a domain refuses.
 */
@FunctionalInterface
public interface Decision<R> {
  /**
   * Decides.
   *
   * @return handed to the caller of {@link Intake#decide}
   * @throws InvalidRowException if what it wants to write is not valid
   */
  R decide(Draft draft) throws InvalidRowException;
}
