package org.larder.buffer;

/**
 * The answer to a submission.
 *
 * @param receipt opaque, to be asked about at {@link BufferControl#receipt}; empty without items
 * @param reached the durability that was reached
 * @param count how many items
 */
public record Acknowledgement(String receipt, Durability reached, int count) {}
