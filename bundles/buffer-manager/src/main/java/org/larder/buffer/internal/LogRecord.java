package org.larder.buffer.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.larder.buffer.LetterFilter;
import org.larder.journal.Frame;

/** What an operator ordered, at its place in the journal: it says when, among the records. */
sealed interface LogRecord {
  /** Offers a follower's dead letters to its backend once more. */
  record Replay(String follower, LetterFilter filter) implements LogRecord {
    private static final byte CODE = 1;
  }

  /** Gives a collection, or all without a route of their own, another primary from here on. */
  record Swap(String collection, String primary) implements LogRecord {
    private static final byte CODE = 2;
  }

  /** As the payload of a frame of kind {@link FramePayload#RECORD}. */
  default byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      if (this instanceof Replay replay) {
        out.writeByte(Replay.CODE);
        out.writeUTF(replay.follower());
        out.writeUTF(replay.filter().collection().orElse(""));
        out.writeUTF(replay.filter().key().orElse(""));
      } else if (this instanceof Swap swap) {
        out.writeByte(Swap.CODE);
        out.writeUTF(swap.collection());
        out.writeUTF(swap.primary());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * The record in a frame.
   *
   * @throws IllegalArgumentException if the bytes are none
   */
  static LogRecord decode(Frame frame) {
    byte[] bytes = new byte[frame.payload().remaining()];
    frame.payload().duplicate().get(bytes);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte code = in.readByte();
      return switch (code) {
        case Replay.CODE ->
            new Replay(
                in.readUTF(),
                new LetterFilter(text(in.readUTF()), text(in.readUTF()), OptionalLong.empty()));
        case Swap.CODE -> new Swap(in.readUTF(), in.readUTF());
        default ->
            throw new IllegalArgumentException("A record of kind " + code + " is not known here");
      };
    } catch (IOException e) {
      throw new IllegalArgumentException("A record in the journal is cut short", e);
    }
  }

  private static Optional<String> text(String written) {
    return Optional.of(written).filter(text -> !text.isEmpty());
  }
}
