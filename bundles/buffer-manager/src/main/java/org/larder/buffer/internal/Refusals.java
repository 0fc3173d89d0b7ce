package org.larder.buffer.internal;

import java.io.IOException;
import java.util.List;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.WriteResult;

/** What becomes of the items that a backend refuses, of one stretch; for the follower's thread. */
interface Refusals {
  /** The part without what is not to be offered, now or any more. */
  Stretch living(Stretch part) throws IOException;

  /**
   * The backend refuses these, and would refuse them alone as well. {@link #living} leaves them out
   * from now on.
   *
   * @throws org.larder.storage.spi.StorageException HALT if it is too much
   */
  void refused(List<Mutation> items, WriteResult.Refused why) throws IOException;

  /** A part is in; what was refused before it stays so. */
  void committed();
}
