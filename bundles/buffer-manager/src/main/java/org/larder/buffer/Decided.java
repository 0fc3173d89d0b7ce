package org.larder.buffer;

import java.util.List;

/**
 * A decision that stands.
 *
 * @param result what the decision returned
 * @param acknowledgement of what it has written; with an empty receipt if that was nothing
 * @param versions for each write in its order, what {@link org.larder.storage.model.Row#version()}
 *     of the record is by it
 */
public record Decided<R>(R result, Acknowledgement acknowledgement, List<Long> versions) {
  public Decided {
    versions = List.copyOf(versions);
  }
}
