package org.larder.buffer;

import java.util.List;

/**
 * A backend that is there.
 *
 * @param name its configured name
 * @param kind what sort of store it is
 * @param primary true if reads go there
 * @param condition {@code up}, {@code degraded} or {@code down}
 * @param detail what the operator should know; possibly empty
 * @param storedBytes what the store takes, −1 if it cannot tell
 * @param capabilities what it can do beyond the minimum
 */
public record BackendStatus(
    String name,
    String kind,
    boolean primary,
    String condition,
    String detail,
    long storedBytes,
    List<String> capabilities) {
  public BackendStatus {
    capabilities = List.copyOf(capabilities);
  }
}
