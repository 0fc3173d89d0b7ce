package org.larder.buffer;

import java.util.Objects;

/**
 * What is to be moved.
 *
 * @param collection its name, or {@link Route#ALL} for all without a route of their own
 * @param from the backend that is its primary now
 * @param to the backend that shall be its primary
 * @param end how it shall end
 */
public record MigrationRequest(String collection, String from, String to, End end) {
  public MigrationRequest {
    Objects.requireNonNull(collection, "collection");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(end, "end");
  }

  /** How a migration ends. */
  public enum End {
    /** As primary if the target answers questions itself, else as mirror. */
    AUTOMATIC,
    /** The target becomes the primary, or the migration does not begin. */
    PRIMARY,
    /** The target stays a mirror, compared record by record. */
    MIRROR
  }
}
