package org.larder.buffer;

/**
 * A read's result and where it comes from.
 *
 * @param value the result
 * @param source the name of the backend that was asked
 * @param position opaque: how far the backend had followed the journal when it was asked
 */
public record Answer<T>(T value, String source, String position) {}
