package org.larder.buffer.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.larder.journal.Journal;

/**
 * What all followers of a node have in common.
 *
 * @param folder where the buffer keeps its small files
 * @param known which keys were lately seen; to be forgotten when letters were replayed
 * @param questions asks backends that may hang
 * @param openingEnd where the journal ended when the node started
 * @param nanoTime tells how long something takes, whoever sets the clock
 */
record Surroundings(
    Path folder,
    Journal journal,
    Catalogue catalogue,
    Backends backends,
    Supplier<BufferOptions> options,
    RouteMemory memory,
    Coverage coverage,
    Duplicates duplicates,
    KnownKeys known,
    Questions questions,
    long openingEnd,
    Clock clock,
    LongSupplier nanoTime) {}
