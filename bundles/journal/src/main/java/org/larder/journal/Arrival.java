package org.larder.journal;

/**
 * A request that is being parsed and will append soon. Close it once it has appended, or has given
 * up; closing twice does nothing. Any thread.
 */
public interface Arrival extends AutoCloseable {
  @Override
  void close();
}
