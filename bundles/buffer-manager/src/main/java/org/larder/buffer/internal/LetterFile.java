package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.larder.buffer.DeadLetter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of one follower's dead letters; for one thread at a time.
 *
 * <p>It is a {@link DurableFile}: first the id of the journal whose sequences the letters bear,
 * then an entry for each letter, whether it is dead or was replayed, and one for all that were
 * discarded; {@link LetterCodec} writes them.
 */
final class LetterFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LetterFile.class);

  private final Path file;
  private final byte[] owner;
  private FileChannel channel;

  /** Everything below is whole and on the disk. */
  private long end;

  /** False after a failure: what the disk holds is not known then. */
  private boolean known = true;

  private LetterFile(Path file, byte[] owner) {
    this.file = file;
    this.owner = owner;
  }

  /** What becomes of the entries of a file that is opened. */
  interface Taker {
    void take(byte[] entry) throws IOException;
  }

  /**
   * Opens a follower's file, or begins one. A torn last entry, which a crash leaves behind, is cut:
   * its letter will be written again. What is cut is kept beside the file, in case it was not torn
   * but damaged. A file of another journal is put aside.
   */
  static LetterFile open(Path path, UUID journal, Taker taker) throws IOException {
    LetterFile opened =
        new LetterFile(path, journal.toString().getBytes(StandardCharsets.US_ASCII));
    DurableFile.Entries content = opened.own(DurableFile.read(path));
    if (!content.isWhole()) {
      Path aside = path.resolveSibling(path.getFileName() + ".cut");
      LOG.warn(
          "Cut {} torn bytes off {}; they are in {}",
          content.fileBytes() - content.goodBytes(),
          path,
          aside);
      Files.copy(path, aside, StandardCopyOption.REPLACE_EXISTING);
    }
    if (content.entries().isEmpty()) {
      DurableFile.replace(path, List.of(opened.owner));
      content = DurableFile.read(path);
    }
    opened.reopen(content.goodBytes());
    try {
      for (byte[] entry : content.entries().subList(1, content.entries().size())) {
        taker.take(entry);
      }
      opened.channel.truncate(opened.end);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  private DurableFile.Entries own(DurableFile.Entries content) throws IOException {
    if (content.entries().isEmpty() || Arrays.equals(owner, content.entries().get(0))) {
      return content;
    }
    Path aside = file.resolveSibling(file.getFileName() + ".other-journal");
    LOG.warn("The dead letters in {} are another journal's; they are in {} now", file, aside);
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    return new DurableFile.Entries(List.of(), 0, 0);
  }

  private void reopen(long goodBytes) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.WRITE);
    end = goodBytes;
  }

  /** False after a call that failed, until the whole was {@linkplain #replace replaced}. */
  boolean isKnown() {
    return known;
  }

  /**
   * Writes letters behind those that are there; they are on the disk when this returns. Only while
   * what is there is {@linkplain #isKnown known}.
   */
  void append(List<DeadLetter> letters) throws IOException {
    known = false;
    long at = end;
    for (DeadLetter letter : letters) {
      ByteBuffer entry = DurableFile.encode(LetterCodec.encode(letter));
      int length = entry.remaining();
      DurableFile.writeFully(channel, entry, at);
      at += length;
    }
    channel.force(true);
    end = at;
    known = true;
  }

  /** Writes all anew, in the place of what was there, at once. */
  void replace(Collection<byte[]> entries) throws IOException {
    List<byte[]> all = new ArrayList<>(entries.size() + 1);
    all.add(owner);
    all.addAll(entries);
    known = false;
    DurableFile.replace(file, all);
    FileChannel former = channel;
    reopen(Files.size(file));
    former.close();
    known = true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
