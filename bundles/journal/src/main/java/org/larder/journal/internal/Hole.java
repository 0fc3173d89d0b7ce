package org.larder.journal.internal;

/** Bytes of a segment, from {@code from} to before {@code to}, that readers step over. */
public record Hole(long from, long to) {}
