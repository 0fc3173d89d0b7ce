package org.larder.buffer;

import java.time.Instant;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/**
 * A mutation that a backend refused, or one of the same key that came after it.
 *
 * @param follower whose backend refused it
 * @param sequence its place in the journal
 * @param kind what it would have done
 * @param row what it would have done it with
 * @param code why: a code of {@code docs/error-codes.md}
 * @param reason why: a sentence
 * @param at when
 */
public record DeadLetter(
    String follower,
    long sequence,
    Mutation.Kind kind,
    Row row,
    String code,
    String reason,
    Instant at) {}
