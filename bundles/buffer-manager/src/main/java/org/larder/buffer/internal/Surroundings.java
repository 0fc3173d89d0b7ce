package org.larder.buffer.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;
import org.larder.journal.Journal;

/**
 * What all followers of a node have in common.
 *
 * @param folder where the buffer keeps its small files
 * @param openingEnd where the journal ended when the node started
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
    long openingEnd,
    Clock clock) {}
