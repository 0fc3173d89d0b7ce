package org.larder.buffer.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.larder.buffer.DeadLetter;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mutations that one follower's backend refused, on disk before the position moves past them.
 * Written by the follower's thread, looked at by any.
 */
final class DeadLetterLog implements AutoCloseable {
  /** More keys than this are no accident of a few records. */
  static final int MAX_KEYS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);

  private final String follower;
  private final FileChannel channel;
  private final List<DeadLetter> letters = new ArrayList<>();
  private final Set<Long> sequences = new HashSet<>();
  private final Set<String> keys = new HashSet<>();

  private DeadLetterLog(String follower, FileChannel channel) {
    this.follower = follower;
    this.channel = channel;
  }

  /**
   * Opens a follower's log, or begins one. A torn last entry, which a crash leaves behind, is cut:
   * its letter will be written again.
   */
  static DeadLetterLog open(Path file, String follower, Catalogue catalogue) throws IOException {
    DurableFile.Entries content = DurableFile.read(file);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    DeadLetterLog log = new DeadLetterLog(follower, channel);
    try {
      for (byte[] entry : content.entries()) {
        log.keep(log.decode(entry, catalogue));
      }
      if (!content.isWhole()) {
        LOG.warn("Cut {} torn bytes off {}", content.fileBytes() - content.goodBytes(), file);
        channel.truncate(content.goodBytes());
      }
      channel.position(content.goodBytes());
      DurableFile.forceDirectory(file.getParent());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return log;
  }

  /** True if an earlier mutation of the same key is here, so that this one has to follow it. */
  synchronized boolean holds(Mutation mutation) {
    return !keys.isEmpty() && keys.contains(name(mutation));
  }

  /** True if this very mutation is here. */
  synchronized boolean contains(Mutation mutation) {
    return sequences.contains(mutation.sequence());
  }

  /** Writes letters durably; those that are here already are passed over. */
  synchronized void add(List<DeadLetter> fresh) throws IOException {
    for (DeadLetter letter : fresh) {
      if (!sequences.contains(letter.sequence())) {
        DurableFile.writeFully(channel, DurableFile.encode(encode(letter)));
        keep(letter);
      }
    }
    channel.force(true);
  }

  private void keep(DeadLetter letter) {
    letters.add(letter);
    sequences.add(letter.sequence());
    keys.add(letter.row().schema().name() + '/' + letter.row().key());
  }

  synchronized List<DeadLetter> letters() {
    return List.copyOf(letters);
  }

  synchronized int keyCount() {
    return keys.size();
  }

  private static String name(Mutation mutation) {
    return mutation.collection() + '/' + mutation.key();
  }

  private static byte[] encode(DeadLetter letter) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(letter.sequence());
    out.writeByte(letter.kind().code());
    out.writeLong(Row.micros(letter.at()));
    out.writeUTF(letter.code());
    out.writeUTF(letter.reason());
    out.writeUTF(letter.row().schema().name());
    out.writeInt(letter.row().schema().version());
    byte[] row = new byte[letter.row().encodedLength()];
    letter.row().writeTo(row, 0);
    out.writeInt(row.length);
    out.write(row);
    return bytes.toByteArray();
  }

  private DeadLetter decode(byte[] entry, Catalogue catalogue) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry));
    long sequence = in.readLong();
    Mutation.Kind kind = Mutation.Kind.ofCode(in.readByte());
    long micros = in.readLong();
    String code = in.readUTF();
    String reason = in.readUTF();
    CollectionSchema schema = catalogue.version(in.readUTF(), in.readInt());
    byte[] row = in.readNBytes(in.readInt());
    return new DeadLetter(
        follower,
        sequence,
        kind,
        new Row(schema, row, 0, row.length),
        code,
        reason,
        Row.instant(micros));
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }
}
