package org.larder.journal.internal;

/** Sequences from {@code from} to before {@code to}. */
public record SequenceRange(long from, long to) {}
