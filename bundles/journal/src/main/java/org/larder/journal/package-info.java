/**
 * A segmented write-ahead journal of opaque bytes: frames are appended, forced in groups, read in
 * order, kept until the slowest registered reader has let go of them, and salvaged after a crash.
 *
 * <p>{@link org.larder.journal.Journal} is the way in; the files it keeps are described to the byte
 * in {@code docs/journal-format.md}.
 */
@Export
@Version("1.0.0")
package org.larder.journal;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
