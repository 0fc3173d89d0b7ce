package org.larder.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.larder.journal.internal.Inspection;

/**
 * Looks at the files of a journal and changes nothing. Meant for one that is not open: of an open
 * one it may report as torn what is just being written. Holds no state; any thread.
 */
public final class JournalInspector {
  private JournalInspector() {}

  /**
   * Checks every byte and says what an opening would find. The epoch of the report is the last one
   * begun.
   *
   * @throws IOException when the directory cannot be read
   */
  public static RecoveryReport verify(Path directory) throws IOException {
    return verify(directory, JournalFiles.system());
  }

  /** The same on another file system. */
  public static RecoveryReport verify(Path directory, JournalFiles files) throws IOException {
    return new Inspection(directory, files).verify();
  }

  /**
   * Writes a line for each metadata entry, segment, group and frame, in the order of the files, and
   * one for each stretch of damage.
   *
   * @throws IOException when the directory cannot be read
   */
  public static void inspect(Path directory, Consumer<String> lines) throws IOException {
    inspect(directory, JournalFiles.system(), lines);
  }

  /** The same on another file system. */
  public static void inspect(Path directory, JournalFiles files, Consumer<String> lines)
      throws IOException {
    new Inspection(directory, files).inspect(lines);
  }
}
